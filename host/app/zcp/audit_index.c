/* `zcp audit index`: makes the index over the log, brings it up to date, or holds it against the
 * log. It can be removed at any time: nothing is in it that the log does not have. */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "audit_place.h"
#include "support/json.h"

const zc_option zc_audit_index_options[] = {
    {"rebuild", NULL, "make it anew from the log's start"},
    {"check", NULL, "hold each of its rows against the tiles and the journal"},
    {NULL, NULL, NULL},
};

static zc_result open_index(const zc_invocation *invocation, const zc_audit_place *place,
                            zc_log_index **ret_index, zc_error *error)
{
    zc_scan_source source = zc_audit_place_source(place);
    bool anew = zc_option_given(invocation, "rebuild");
    if (anew && unlink(place->index) != 0 && errno != ENOENT) {
        return zc_error_errno(error, errno, "cannot remove", place->index);
    }
    return zc_log_index_open(place->index, &source, ret_index, error);
}

/* Tiles are what others have; the journal says where each frame is, and has what no checkpoint
 * covers yet. */
static zc_result check(const zc_audit_place *place, zc_log_index *index, zc_error *error)
{
    zc_scan_source tiles = {.folder = place->folder, .size = place->size};
    zc_scan_source all = zc_audit_place_source(place);
    if (place->size > 0) {
        ZC_TRY(zc_log_index_check(index, &tiles, error));
    }
    return all.journal != NULL ? zc_log_index_check(index, &all, error) : ZC_OK;
}

static int say(const zc_invocation *invocation, const zc_audit_place *place, uint64_t entries)
{
    bool checked = zc_option_given(invocation, "check");
    if (!invocation->json) {
        (void)printf("The index %s has %llu entries%s.\n", place->index,
                     (unsigned long long)entries, checked ? ", each as the log has it" : "");
        return ZC_EXIT_DONE;
    }
    json_t *out = json_object();
    bool printed = out != NULL && zc_json_set_u64(out, "entries", entries) &&
                   zc_json_set_text(out, "file", place->index) &&
                   json_object_set_new(out, "checked", json_boolean(checked)) == 0 &&
                   zc_json_print(stdout, out);
    json_decref(out);
    return printed ? ZC_EXIT_DONE : ZC_EXIT_FAILED;
}

int zc_run_audit_index(zc_invocation *invocation)
{
    static zc_audit_place place;
    char checkpoint[ZC_PATH_SIZE];
    zc_log_index *index = NULL;
    zc_error error = {0};
    zc_result done = zc_audit_place_of(invocation, &place, &error);
    /* A log so young that nothing is signed yet has its journal alone. */
    if (zc_ok(done) && zc_in_dir(invocation, "log/checkpoint", checkpoint) &&
        (zc_file_exists(checkpoint) || !zc_file_exists(place.journal))) {
        done = zc_audit_place_checkpoint(&place, &error);
    }
    done = zc_ok(done) ? open_index(invocation, &place, &index, &error) : done;
    if (zc_ok(done) && zc_option_given(invocation, "check")) {
        done = check(&place, index, &error);
    }
    int code = zc_ok(done) ? say(invocation, &place, zc_log_index_size(index))
                           : zc_fail_with(invocation, &error);
    zc_log_index_close(index);
    zc_audit_place_clear(&place);
    return code;
}
