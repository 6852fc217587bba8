#include "mission/document.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "mission/reasons.h"
#include "mission/words.h"

static void report_at(const zc_document *document, zc_finding_level level, yaml_mark_t mark,
                      const char *path, const char *text)
{
    zc_report_add(document->report, level, mark.line + 1, mark.column + 1, path, "%s", text);
}

#define ZC_REPORT(place, level, format)                                                            \
    do {                                                                                           \
        char text[sizeof((zc_finding *)0)->text];                                                  \
        va_list arguments;                                                                         \
        va_start(arguments, format);                                                               \
        (void)vsnprintf(text, sizeof text, format, arguments);                                     \
        va_end(arguments);                                                                         \
        report_at((place)->document, level, (place)->node->start_mark, (place)->path, text);       \
    } while (0)

void zc_place_error(const zc_place *place, const char *format, ...)
{
    ZC_REPORT(place, ZC_FINDING_ERROR, format);
}

void zc_place_warn(const zc_place *place, const char *format, ...)
{
    ZC_REPORT(place, ZC_FINDING_WARNING, format);
}

/* The reader of bytes knows only the offset of what is not UTF-8. */
static yaml_mark_t mark_of_offset(zc_slice text, size_t offset)
{
    yaml_mark_t mark = {0};
    for (size_t i = 0; i < offset && i < text.len; i++) {
        bool line_end = text.data[i] == '\n';
        mark.line += line_end ? 1 : 0;
        mark.column = line_end ? 0 : mark.column + 1;
    }
    return mark;
}

static zc_result parser_failed(const yaml_parser_t *parser, zc_document *document)
{
    if (parser->error == YAML_MEMORY_ERROR) {
        return zc_fail(ZC_MISSION_NO_MEMORY);
    }
    bool reading = parser->error == YAML_READER_ERROR;
    yaml_mark_t mark =
        reading ? mark_of_offset(document->text, parser->problem_offset) : parser->problem_mark;
    const char *problem = parser->problem != NULL ? parser->problem : "unreadable";
    const char *context = parser->context != NULL ? parser->context : "";
    char text[200];
    (void)snprintf(text, sizeof text, "%s: %s%s%s", reading ? "not plain UTF-8" : "not YAML",
                   problem, *context == 0 ? "" : ", ", context);
    report_at(document, ZC_FINDING_ERROR, mark, "", text);
    return zc_fail(ZC_MISSION_NOT_YAML);
}

/* Scalars, sequences and mappings get these tags when the file gives none. */
static bool has_own_tag(const yaml_node_t *node)
{
    static const char *const defaults[] = {
        [YAML_SCALAR_NODE] = YAML_DEFAULT_SCALAR_TAG,
        [YAML_SEQUENCE_NODE] = YAML_DEFAULT_SEQUENCE_TAG,
        [YAML_MAPPING_NODE] = YAML_DEFAULT_MAPPING_TAG,
    };
    return node->tag == NULL || node->type == YAML_NO_NODE ||
           strcmp((const char *)node->tag, defaults[node->type]) != 0;
}

typedef struct node_census {
    uint8_t *seen; /* by node number: whether another node holds it already */
    size_t count;
} node_census;

/* A node in two places is an alias; one that holds itself as well. */
static bool seen_before(node_census *census, int number)
{
    if (number < 1 || (size_t)number > census->count) {
        return true;
    }
    bool before = census->seen[number - 1] != 0;
    census->seen[number - 1] = 1;
    return before;
}

static bool holds_alias(node_census *census, const yaml_node_t *node)
{
    if (node->type == YAML_SEQUENCE_NODE) {
        for (const yaml_node_item_t *item = node->data.sequence.items.start;
             item < node->data.sequence.items.top; item++) {
            if (seen_before(census, *item)) {
                return true;
            }
        }
    }
    if (node->type == YAML_MAPPING_NODE) {
        for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
             pair < node->data.mapping.pairs.top; pair++) {
            if (seen_before(census, pair->key) || seen_before(census, pair->value)) {
                return true;
            }
        }
    }
    return false;
}

static const char *fault_of(node_census *census, const yaml_node_t *node)
{
    if (has_own_tag(node)) {
        return "tags (!…) have no meaning in a mission: leave it out";
    }
    if (holds_alias(census, node)) {
        return "an alias (*…) in here: write it out, so that reviewers see it where it counts";
    }
    return NULL;
}

static zc_result check_nodes(zc_document *document)
{
    yaml_document_t *yaml = &document->yaml;
    node_census census = {.count = (size_t)(yaml->nodes.top - yaml->nodes.start)};
    census.seen = calloc(census.count + 1, 1);
    if (census.seen == NULL) {
        return zc_fail(ZC_MISSION_NO_MEMORY);
    }
    if (census.count > 0) {
        census.seen[0] = 1; /* the root */
    }
    zc_result result = ZC_OK;
    for (const yaml_node_t *node = yaml->nodes.start; node < yaml->nodes.top; node++) {
        const char *fault = fault_of(&census, node);
        if (fault != NULL) {
            report_at(document, ZC_FINDING_ERROR, node->start_mark, "", fault);
            result = zc_fail(ZC_MISSION_NOT_YAML);
        }
    }
    free(census.seen);
    return result;
}

static int compare_keys(const void *a, const void *b)
{
    const yaml_node_t *left = *(const yaml_node_t *const *)a;
    const yaml_node_t *right = *(const yaml_node_t *const *)b;
    size_t left_len = left->data.scalar.length;
    size_t right_len = right->data.scalar.length;
    size_t len = left_len < right_len ? left_len : right_len;
    int order = len == 0 ? 0 : memcmp(left->data.scalar.value, right->data.scalar.value, len);
    if (order == 0) {
        order = (left_len > right_len) - (left_len < right_len);
    }
    return order != 0 ? order : (left > right) - (left < right);
}

static bool same_key(const yaml_node_t *a, const yaml_node_t *b)
{
    return a->data.scalar.length == b->data.scalar.length &&
           memcmp(a->data.scalar.value, b->data.scalar.value, a->data.scalar.length) == 0;
}

static bool report_repeats(zc_document *document, yaml_node_t **keys, size_t count)
{
    bool clean = true;
    qsort(keys, count, sizeof(yaml_node_t *), compare_keys);
    for (size_t i = 1; i < count; i++) {
        if (same_key(keys[i - 1], keys[i])) {
            char text[160];
            zc_slice key = zc_slice_of(keys[i]->data.scalar.value, keys[i]->data.scalar.length);
            (void)snprintf(text, sizeof text, "'%.*s' is here a second time (first in line %zu)",
                           ZC_TEXT(key), keys[i - 1]->start_mark.line + 1);
            report_at(document, ZC_FINDING_ERROR, keys[i]->start_mark, "", text);
            clean = false;
        }
    }
    return clean;
}

static zc_result check_keys(zc_document *document, const yaml_node_t *node)
{
    size_t count = (size_t)(node->data.mapping.pairs.top - node->data.mapping.pairs.start);
    yaml_node_t **keys = calloc(count + 1, sizeof(yaml_node_t *));
    if (keys == NULL) {
        return zc_fail(ZC_MISSION_NO_MEMORY);
    }
    bool clean = true;
    for (size_t i = 0; i < count; i++) {
        keys[i] = yaml_document_get_node(&document->yaml, node->data.mapping.pairs.start[i].key);
        if (keys[i]->type != YAML_SCALAR_NODE) {
            report_at(document, ZC_FINDING_ERROR, keys[i]->start_mark, "", "a key must be a word");
            clean = false;
        }
    }
    if (clean) {
        clean = report_repeats(document, keys, count);
    }
    free(keys);
    return clean ? ZC_OK : zc_fail(ZC_MISSION_NOT_YAML);
}

static zc_result check_mappings(zc_document *document)
{
    zc_result result = ZC_OK;
    for (yaml_node_t *node = document->yaml.nodes.start; node < document->yaml.nodes.top; node++) {
        if (node->type != YAML_MAPPING_NODE) {
            continue;
        }
        zc_result checked = check_keys(document, node);
        if (zc_is(checked, ZC_MISSION_NO_MEMORY)) {
            return checked;
        }
        result = zc_ok(result) ? checked : result;
    }
    return result;
}

static zc_result refuse_second(yaml_parser_t *parser, zc_document *document)
{
    yaml_document_t second;
    if (yaml_parser_load(parser, &second) == 0) {
        return parser_failed(parser, document);
    }
    yaml_node_t *root = yaml_document_get_root_node(&second);
    zc_result result = ZC_OK;
    if (root != NULL) {
        report_at(document, ZC_FINDING_ERROR, root->start_mark, "",
                  "a second document begins here: a mission is one document");
        result = zc_fail(ZC_MISSION_NOT_YAML);
    }
    yaml_document_delete(&second);
    return result;
}

static zc_result load(yaml_parser_t *parser, zc_document *document)
{
    if (yaml_parser_load(parser, &document->yaml) == 0) {
        return parser_failed(parser, document);
    }
    zc_result result = ZC_OK;
    if (yaml_document_get_root_node(&document->yaml) == NULL) {
        zc_report_add(document->report, ZC_FINDING_ERROR, 1, 1, "", "the file is empty");
        result = zc_fail(ZC_MISSION_NOT_YAML);
    }
    result = zc_ok(result) ? refuse_second(parser, document) : result;
    result = zc_ok(result) ? check_nodes(document) : result;
    result = zc_ok(result) ? check_mappings(document) : result;
    if (!zc_ok(result)) {
        yaml_document_delete(&document->yaml);
    }
    return result;
}

zc_result zc_document_load(zc_document *document, zc_slice text, zc_report *report)
{
    document->report = report;
    document->text = text;
    yaml_parser_t parser;
    if (yaml_parser_initialize(&parser) == 0) {
        return zc_fail(ZC_MISSION_NO_MEMORY);
    }
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, text.len == 0 ? (const uint8_t *)"" : text.data,
                                 text.len);
    zc_result result = load(&parser, document);
    yaml_parser_delete(&parser);
    return result;
}

void zc_document_clear(zc_document *document)
{
    yaml_document_delete(&document->yaml);
}

zc_place zc_document_root(zc_document *document)
{
    return (zc_place){.document = document, .node = yaml_document_get_root_node(&document->yaml)};
}
