/* The public log of measurements: `zcp eif measure --append` (docs/verify.md). */
#ifndef ZC_ZCP_EIF_LOG_H
#define ZC_ZCP_EIF_LOG_H

#include "eif.h"

/* What --append and what goes with it ask for. */
typedef struct zc_eif_logged {
    bool appended;
    uint64_t index;
    char line[2048]; /* as it stands in the log, without its newline */
} zc_eif_logged;

/* Appends the registers to the log that --append names, makes it where there is none, signs its new
 * checkpoint with --private-key and writes the entry's proof to --proof. Nothing happens without
 * --append. A log whose tiles are not those of its checkpoint, or whose checkpoint another key
 * signed, is left as it is. Returns the exit code. */
int zc_eif_log_append(const zc_invocation *invocation, const zc_eif_register *registers,
                      size_t count, zc_eif_logged *ret_logged);

#endif
