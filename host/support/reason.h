/* Words for a zc_result: the one place where the codes of the trusted base become text.
 *
 * Every module's own list (its reasons.h) is known here. Modules above this one add theirs at the
 * start of main with zc_reason_register(). */
#ifndef ZC_SUPPORT_REASON_H
#define ZC_SUPPORT_REASON_H

#include <stddef.h>

#include "base/result.h"

typedef struct zc_reason {
    uint16_t code;
    const char *name; /* "CODEC_NOT_SHORTEST" */
    const char *text; /* "why, in plain words" */
} zc_reason;

/* Rows of a table out of a module's X-macro:
 *     #define ROW(name, number, text) ZC_REASON_ROW(CLIENT, name, text)
 *     static const zc_reason reasons[] = {ZC_CLIENT_REASONS(ROW)}; */
#define ZC_REASON_ROW(module, name, text) {ZC_##module##_##name, #module "_" #name, text},

/* Why, in plain words, without a full stop. Never NULL: an unknown code says that it is unknown,
 * and zc_reason_name() gives its number. Both live for ever (the text of an unknown code until the
 * thread's next call). */
const char *zc_reason_text(zc_result result);
/* The reason's name, such as "POLICY_PER_TX"; "OK" for success. */
const char *zc_reason_name(zc_result result);
/* The same for a bare code that came over the wire. */
const char *zc_reason_code_text(uint16_t code);
const char *zc_reason_code_name(uint16_t code);

/* Adds the list of a module above this one. `reasons` must live as long as the process. Call it
 * before the first thread starts; at most ZC_REASON_LISTS lists, and what is beyond is ignored. */
#define ZC_REASON_LISTS 8
void zc_reason_register(const zc_reason *reasons, size_t count);

#endif
