/* A YAML document with the place of every node, and the habits that a mission file may not have.
 *
 * Refused: more than one document, aliases (what is reviewed stands where it counts), tags, keys
 * that are not plain words, keys that repeat. */
#ifndef ZC_MISSION_DOCUMENT_H
#define ZC_MISSION_DOCUMENT_H

#include <yaml.h>

#include "base/slice.h"
#include "mission/report.h"

typedef struct zc_document {
    yaml_document_t yaml;
    zc_slice text; /* during the load */
    zc_report *report;
} zc_document;

#define ZC_PLACE_PATH_SIZE 128

/* A node, and the key path that leads to it. */
typedef struct zc_place {
    zc_document *document;
    yaml_node_t *node;
    char path[ZC_PLACE_PATH_SIZE];
} zc_place;

/* Loads and checks. Errors: ZC_MISSION_NOT_YAML (the report has the place), ZC_MISSION_NO_MEMORY.
 * The caller clears it. */
ZC_MUST_USE zc_result zc_document_load(zc_document *document, zc_slice text, zc_report *report);
void zc_document_clear(zc_document *document);
zc_place zc_document_root(zc_document *document);

void zc_place_error(const zc_place *place, const char *format, ...) ZC_PRINTF(2, 3);
void zc_place_warn(const zc_place *place, const char *format, ...) ZC_PRINTF(2, 3);

/* The text of a scalar; empty for other nodes. */
zc_slice zc_place_text(const zc_place *place);
bool zc_place_is_scalar(const zc_place *place);
/* For "%.*s". Long texts are cut. */
int zc_text_len(zc_slice text);
#define ZC_TEXT(text)                                                                              \
    zc_text_len(text), (const char *)((text).len == 0 ? (const uint8_t *)"" : (text).data)

/* Reports an error unless the node is a mapping; `what` says what was expected. */
ZC_MUST_USE bool zc_place_want_mapping(const zc_place *place, const char *what);
/* The pairs of a mapping: count, and the key's text and value's place of one of them. */
size_t zc_place_pairs(const zc_place *mapping);
zc_slice zc_place_pair(const zc_place *mapping, size_t index, zc_place *ret_key,
                       zc_place *ret_value);
/* The value of a key; false when absent. */
bool zc_place_member(const zc_place *mapping, const char *key, zc_place *ret_value);
/* The same, and reports an error at the mapping when absent. `why` follows the message. */
bool zc_place_need(const zc_place *mapping, const char *key, const char *why, zc_place *ret_value);
/* Reports every key that is not in the NULL-terminated list. */
void zc_place_only_keys(const zc_place *mapping, const char *const *keys);

/* One item or a list of items: a scalar counts as a list of one. Reports an error and gives 0 for a
 * mapping. */
size_t zc_place_items(const zc_place *place);
zc_place zc_place_item(const zc_place *place, size_t index);
/* Whether it is a sequence without items. */
bool zc_place_is_empty_list(const zc_place *place);

#endif
