#include "audit_place.h"

#include "audit/checkpoint.h"
#include "log/cosigners.h"
#include "support/reasons.h"

zc_result zc_audit_place_of(const zc_invocation *invocation, zc_audit_place *ret_place,
                            zc_error *error)
{
    *ret_place = (zc_audit_place){.size = 0};
    bool fits = zc_in_dir(invocation, "log", ret_place->folder) &&
                zc_in_dir(invocation, "log/journal", ret_place->journal) &&
                zc_in_dir(invocation, "log/index.db", ret_place->index);
    return fits ? ZC_OK
                : zc_error_set(error, ZC_SUPPORT_BAD_ARGUMENT, "cannot read the log",
                               "the path is too long", "choose a shorter --dir");
}

zc_result zc_audit_place_checkpoint(zc_audit_place *place, zc_error *error)
{
    static zc_note note;
    zc_checkpoint_lines lines;
    char path[ZC_PATH_SIZE];
    if (!zc_path_join(place->folder, "checkpoint", path)) {
        return zc_error_set(error, ZC_SUPPORT_BAD_ARGUMENT, "cannot read the log",
                            "the path is too long", "choose a shorter --dir");
    }
    ZC_TRY(zc_file_read(path, ZC_CHECKPOINT_FILE_MAX, &place->note, error));
    zc_result parsed = zc_note_parse(zc_bytes_slice(&place->note), &note);
    parsed = zc_ok(parsed) ? zc_checkpoint_split(note.text, &lines) : parsed;
    if (!zc_ok(parsed)) {
        return zc_error_from(error, parsed, "cannot read the checkpoint", "run `zcp audit verify`");
    }
    place->size = lines.size;
    return ZC_OK;
}

zc_scan_source zc_audit_place_source(const zc_audit_place *place)
{
    bool journal = zc_file_exists(place->journal);
    return (zc_scan_source){
        .journal = journal ? place->journal : NULL, .folder = place->folder, .size = place->size};
}

zc_log_index *zc_audit_place_index(const zc_audit_place *place)
{
    zc_log_index *index = NULL;
    zc_scan_source source = zc_audit_place_source(place);
    bool usable = source.journal != NULL && zc_file_exists(place->index) &&
                  zc_ok(zc_log_index_open(place->index, &source, &index, NULL));
    return usable ? index : NULL;
}

void zc_audit_place_clear(zc_audit_place *place)
{
    zc_bytes_clear(&place->note);
}
