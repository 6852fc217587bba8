/* `clear-signing`: ERC-7730 files beside the mission become descriptors in it, so that the enclave
 * reads a firm's own contracts, and what it reads them by is measured. */
#include <stdlib.h>
#include <string.h>

#include "mission/build.h"
#include "mission/erc7730.h"
#include "mission/reasons.h"
#include "support/file.h"

#define CLEAR_SIGNING_FILE_MAX ((size_t)1 << 20)

static const char advice[] = "a clear-signing file (ERC-7730) stands beside the mission or in a "
                             "folder there: 'vault.json', 'contracts/vault.json'";

static int by_place(const void *a, const void *b)
{
    return zc_descriptor_compare(a, b);
}

/* What is there twice, of this file or of two, would leave open which one counts. */
static bool is_there(const zc_mission *mission, const zc_descriptor *descriptor)
{
    for (size_t i = 0; i < mission->descriptor_count; i++) {
        if (zc_descriptor_compare(&mission->descriptors[i], descriptor) == 0) {
            return true;
        }
    }
    return false;
}

static void add_all(zc_build *build, const zc_place *item, const zc_descriptor_list *list)
{
    zc_mission *mission = &build->mission;
    for (size_t i = 0; i < list->count; i++) {
        if (is_there(mission, &list->items[i])) {
            zc_place_error(item, "another file describes '%s' of the same contract",
                           list->items[i].name);
            return;
        }
        if (mission->descriptor_count == ZC_MISSION_MAX_DESCRIPTORS) {
            zc_place_error(item, "a mission describes at most %d methods of contracts",
                           ZC_MISSION_MAX_DESCRIPTORS);
            return;
        }
        mission->descriptors[mission->descriptor_count++] = list->items[i];
    }
}

static zc_result compile_text(zc_slice text, zc_descriptor_list *ret_list, zc_error *error)
{
    json_error_t fault;
    json_t *file = json_loadb((const char *)text.data, text.len, JSON_REJECT_DUPLICATES, &fault);
    if (file == NULL) {
        zc_result set = zc_error_set(error, ZC_MISSION_CLEAR_SIGNING, "not JSON", fault.text,
                                     "give the file as its author published it");
        zc_error_what(error, "not JSON at line %d", fault.line);
        return set;
    }
    zc_result result = zc_erc7730_compile(file, ret_list, error);
    json_decref(file);
    return result;
}

static void read_file(zc_build *build, const zc_place *item)
{
    char path[512];
    zc_error error = {0};
    ZC_BYTES zc_bytes text = {0};
    zc_descriptor_list list = {0};
    if (!zc_build_file_path(build, item, advice, path, sizeof path)) {
        return;
    }
    zc_result result = zc_file_read(path, CLEAR_SIGNING_FILE_MAX, &text, &error);
    if (zc_ok(result)) {
        result = compile_text(zc_bytes_slice(&text), &list, &error);
    }
    if (!zc_ok(result)) {
        zc_place_error(item, "%s: %s",
                       error.what[0] != 0 ? error.what : "cannot use the clear-signing file",
                       error.why);
        return;
    }
    add_all(build, item, &list);
    zc_descriptor_list_clear(&list);
}

void zc_build_clear_signing(zc_build *build, const zc_place *root)
{
    zc_place files;
    if (!zc_place_member(root, "clear-signing", &files)) {
        return;
    }
    size_t count = zc_place_items(&files);
    for (size_t i = 0; i < count; i++) {
        zc_place item = zc_place_item(&files, i);
        read_file(build, &item);
    }
    qsort(build->mission.descriptors, build->mission.descriptor_count,
          sizeof *build->mission.descriptors, by_place);
}
