#include <stdio.h>
#include <string.h>

#include "mission/document.h"
#include "mission/words.h"

#define QUOTED_MAX 60

int zc_text_len(zc_slice text)
{
    return text.len > QUOTED_MAX ? QUOTED_MAX : (int)text.len;
}

bool zc_place_is_scalar(const zc_place *place)
{
    return place->node->type == YAML_SCALAR_NODE;
}

zc_slice zc_place_text(const zc_place *place)
{
    if (!zc_place_is_scalar(place)) {
        return zc_slice_of(NULL, 0);
    }
    return zc_slice_of(place->node->data.scalar.value, place->node->data.scalar.length);
}

bool zc_place_want_mapping(const zc_place *place, const char *what)
{
    if (place->node->type != YAML_MAPPING_NODE) {
        zc_place_error(place, "wanted here: %s, as 'name: value' lines", what);
        return false;
    }
    return true;
}

size_t zc_place_pairs(const zc_place *mapping)
{
    if (mapping->node->type != YAML_MAPPING_NODE) {
        return 0;
    }
    return (size_t)(mapping->node->data.mapping.pairs.top -
                    mapping->node->data.mapping.pairs.start);
}

static void append(zc_place *to, zc_slice text)
{
    size_t used = strlen(to->path);
    size_t room = sizeof to->path - 1 - used;
    size_t len = text.len < room ? text.len : room;
    if (len > 0) {
        memcpy(to->path + used, text.data, len);
    }
    to->path[used + len] = 0;
}

/* `to` is a copy of the place that it extends. */
static void extend(zc_place *to, const char *separator, zc_slice name)
{
    if (to->path[0] != 0) {
        append(to, zc_slice_of_text(separator));
    }
    append(to, zc_slice_of(name.data, (size_t)zc_text_len(name)));
}

zc_slice zc_place_pair(const zc_place *mapping, size_t index, zc_place *ret_key,
                       zc_place *ret_value)
{
    yaml_document_t *yaml = &mapping->document->yaml;
    const yaml_node_pair_t *pair = &mapping->node->data.mapping.pairs.start[index];
    *ret_key = *mapping;
    *ret_value = *mapping;
    ret_key->node = yaml_document_get_node(yaml, pair->key);
    ret_value->node = yaml_document_get_node(yaml, pair->value);
    zc_slice key = zc_place_text(ret_key);
    extend(ret_key, ".", key);
    extend(ret_value, ".", key);
    return key;
}

bool zc_place_member(const zc_place *mapping, const char *key, zc_place *ret_value)
{
    for (size_t i = 0; i < zc_place_pairs(mapping); i++) {
        zc_place at;
        zc_place value;
        if (zc_slice_eq_text(zc_place_pair(mapping, i, &at, &value), key)) {
            *ret_value = value;
            return true;
        }
    }
    return false;
}

bool zc_place_need(const zc_place *mapping, const char *key, const char *why, zc_place *ret_value)
{
    if (!zc_place_member(mapping, key, ret_value)) {
        zc_place_error(mapping, "'%s' is missing: %s", key, why);
        return false;
    }
    return true;
}

void zc_place_only_keys(const zc_place *mapping, const char *const *keys)
{
    zc_words words = zc_words_of(keys);
    for (size_t i = 0; i < zc_place_pairs(mapping); i++) {
        zc_place key;
        zc_place value;
        zc_slice text = zc_place_pair(mapping, i, &key, &value);
        bool known = false;
        for (size_t j = 0; j < words.count; j++) {
            known = known || zc_slice_eq_text(text, keys[j]);
        }
        if (!known) {
            char advice[240];
            zc_words_advise(&words, text, "known here", advice, sizeof advice);
            zc_place_error(&key, "nothing here is called '%.*s'%s", ZC_TEXT(text), advice);
        }
    }
}

size_t zc_place_items(const zc_place *place)
{
    switch (place->node->type) {
    case YAML_SCALAR_NODE:
        return 1;
    case YAML_SEQUENCE_NODE:
        return (size_t)(place->node->data.sequence.items.top -
                        place->node->data.sequence.items.start);
    default:
        zc_place_error(place, "one value or a list of values is wanted here");
        return 0;
    }
}

zc_place zc_place_item(const zc_place *place, size_t index)
{
    zc_place item = *place;
    if (!zc_place_is_scalar(place)) {
        char number[24];
        item.node = yaml_document_get_node(&place->document->yaml,
                                           place->node->data.sequence.items.start[index]);
        int len = snprintf(number, sizeof number, "[%zu]", index);
        extend(&item, "", zc_slice_of(number, (size_t)len));
    }
    return item;
}

bool zc_place_is_empty_list(const zc_place *place)
{
    return place->node->type == YAML_SEQUENCE_NODE &&
           place->node->data.sequence.items.top == place->node->data.sequence.items.start;
}
