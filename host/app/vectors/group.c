#include "group.h"

#include "fields.h"

static const json_t *first_of(json_t *root)
{
    if (json_is_array(root)) {
        return json_array_get(root, 0);
    }
    return json_object_iter_value(json_object_iter(root));
}

static bool has_keys(const json_t *object, const zc_group *group)
{
    for (size_t i = 0; i < sizeof group->key / sizeof *group->key; i++) {
        if (group->key[i] != NULL && json_object_get(object, group->key[i]) == NULL) {
            return false;
        }
    }
    return true;
}

void zc_group_run(zc_report *report, const zc_group *groups, json_t *root)
{
    const json_t *first = first_of(root);
    const zc_group *group = groups;
    while (group->key[0] != NULL && !has_keys(root, group) && !has_keys(first, group)) {
        group++;
    }
    if (group->run != NULL) {
        group->run(report, root);
    } else {
        zc_report_skip_file(report, group->skip);
    }
}

const char *zc_case_name(const json_t *item, const char *key, size_t index)
{
    static char name[128];
    const char *text = zc_field_text(item, key);
    if (text[0] != '\0') {
        (void)snprintf(name, sizeof name, "%zu (%s)", index, text);
    } else {
        (void)snprintf(name, sizeof name, "%zu", index);
    }
    return name;
}
