/* Orders and typed data stand in the file as YAML and are read as the JSON that they would be. */
#include <stdlib.h>

#include "mission/test_request.h"

#define DEPTH 32

/* A container that is being filled. */
typedef struct open_node {
    yaml_node_t *node;
    json_t *json; /* borrowed: the root or its parent owns it */
    size_t next;
} open_node;

static json_t *number_of(const yaml_node_t *node)
{
    const char *text = (const char *)node->data.scalar.value;
    size_t len = node->data.scalar.length;
    size_t sign = len > 1 && text[0] == '-' ? 1 : 0;
    bool digits = len > sign && len - sign <= 15 && (len - sign == 1 || text[sign] != '0');
    for (size_t i = sign; i < len; i++) {
        digits = digits && text[i] >= '0' && text[i] <= '9';
    }
    return digits ? json_integer(strtoll(text, NULL, 10)) : NULL;
}

static json_t *scalar(const yaml_node_t *node)
{
    zc_slice text = zc_slice_of(node->data.scalar.value, node->data.scalar.length);
    if (node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE) {
        if (zc_slice_eq_text(text, "true") || zc_slice_eq_text(text, "false")) {
            return json_boolean(text.len == 4);
        }
        json_t *number = number_of(node);
        if (number != NULL) {
            return number;
        }
    }
    return json_stringn((const char *)text.data, text.len);
}

static json_t *empty_of(const yaml_node_t *node)
{
    switch (node->type) {
    case YAML_MAPPING_NODE:
        return json_object();
    case YAML_SEQUENCE_NODE:
        return json_array();
    default:
        return scalar(node);
    }
}

/* The next child of a container, and its key; NULL behind the last. */
static yaml_node_t *take_child(yaml_document_t *yaml, open_node *open, const char **ret_key)
{
    if (open->node->type == YAML_SEQUENCE_NODE) {
        yaml_node_item_t *item = open->node->data.sequence.items.start + open->next;
        *ret_key = NULL;
        open->next++;
        return item < open->node->data.sequence.items.top ? yaml_document_get_node(yaml, *item)
                                                          : NULL;
    }
    yaml_node_pair_t *pair = open->node->data.mapping.pairs.start + open->next;
    if (pair >= open->node->data.mapping.pairs.top) {
        return NULL;
    }
    open->next++;
    *ret_key = (const char *)yaml_document_get_node(yaml, pair->key)->data.scalar.value;
    return yaml_document_get_node(yaml, pair->value);
}

static bool attach(const open_node *open, const char *key, json_t *child)
{
    return key != NULL ? json_object_set_new(open->json, key, child) == 0
                       : json_array_append_new(open->json, child) == 0;
}

/* Fills the root and all that is in it; NULL, or what is wrong. */
static const char *fill(yaml_document_t *yaml, open_node *stack)
{
    size_t depth = 1;
    while (depth > 0) {
        const char *key = NULL;
        yaml_node_t *node = take_child(yaml, &stack[depth - 1], &key);
        if (node == NULL) {
            depth--;
            continue;
        }
        json_t *child = empty_of(node);
        if (child == NULL || !attach(&stack[depth - 1], key, child)) {
            return "this is no text, or there is no memory left";
        }
        if (node->type != YAML_SCALAR_NODE) {
            if (depth == DEPTH) {
                return "this is nested too deeply";
            }
            stack[depth++] = (open_node){.node = node, .json = child};
        }
    }
    return NULL;
}

json_t *zc_test_json(const zc_place *place)
{
    open_node stack[DEPTH];
    if (place->node->type != YAML_MAPPING_NODE) {
        zc_place_error(place, "a mapping is wanted here");
        return NULL;
    }
    json_t *root = json_object();
    stack[0] = (open_node){.node = place->node, .json = root};
    const char *fault =
        root == NULL ? "there is no memory left" : fill(&place->document->yaml, stack);
    if (fault != NULL) {
        zc_place_error(place, "%s", fault);
        json_decref(root);
        return NULL;
    }
    return root;
}
