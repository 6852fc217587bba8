/* Signed notes and checkpoints. */
#include "audit/checkpoint.h"
#include "codec/base64.h"
#include "group.h"
#include "tlog.h"

static zc_slice text_of(const json_t *object, const char *key)
{
    const json_t *text = json_object_get(object, key);
    return zc_slice_of(json_string_value(text), json_string_length(text));
}

static bool is_among(const json_t *names, zc_slice name)
{
    size_t i;
    json_t *one;
    json_array_foreach(names, i, one)
    {
        if (zc_slice_eq(zc_slice_of(json_string_value(one), json_string_length(one)), name)) {
            return true;
        }
    }
    return false;
}

/* One of the keys that the verifier knows. The note is good when at least one of them signed it and
 * none of their signatures is wrong. */
static void check_key(zc_report *report, const json_t *test, const zc_note *note, const char *vkey,
                      size_t *signers, zc_result *ret_fault)
{
    zc_note_key key;
    if (!zc_report_ok(report, "verifier key", zc_note_key_parse(zc_slice_of_text(vkey), &key))) {
        return;
    }
    zc_result result = zc_note_verify(note, &key);
    if (zc_ok(result)) {
        (*signers)++;
    } else if (!zc_is(result, ZC_AUDIT_NOT_SIGNED)) {
        *ret_fault = result;
    }
    if (zc_field_is(test, "expect", "accept") &&
        zc_ok(result) != is_among(json_object_get(test, "verified"), key.name)) {
        zc_report_problem(report, "%s: another verdict than the published one", vkey);
    }
}

static zc_result verify_note(zc_report *report, const json_t *test)
{
    static zc_note note;
    size_t signers = 0;
    size_t i;
    json_t *vkey;
    zc_result fault = ZC_OK;
    ZC_TRY(zc_note_parse(text_of(test, "msg"), &note));
    json_array_foreach(json_object_get(test, "vkeys"), i, vkey)
    {
        const char *text = json_string_value(vkey);
        check_key(report, test, &note, text != NULL ? text : "", &signers, &fault);
    }
    if (zc_field_is(test, "expect", "accept")) {
        zc_report_bytes(report, "text", note.text, text_of(test, "text"));
    }
    return zc_ok(fault) && signers == 0 ? zc_fail(ZC_AUDIT_NOT_SIGNED) : fault;
}

/* "PRIVATE+KEY+name+id+base64(0x01 ‖ seed)". */
static bool read_skey(const char *skey, zc_slice *ret_name, zc_secret32 *ret_seed)
{
    static const char prefix[] = "PRIVATE+KEY+";
    uint8_t bytes[33];
    size_t len = 0;
    if (strncmp(skey, prefix, sizeof prefix - 1) != 0) {
        return false;
    }
    const char *name = skey + sizeof prefix - 1;
    const char *id = strchr(name, '+');
    const char *base64 = id != NULL ? strchr(id + 1, '+') : NULL;
    if (base64 == NULL ||
        !zc_ok(zc_base64_decode(zc_slice_of_text(base64 + 1), bytes, sizeof bytes, &len)) ||
        len != sizeof bytes || bytes[0] != 1) {
        return false;
    }
    memcpy(ret_seed->byte, bytes + 1, sizeof ret_seed->byte);
    *ret_name = zc_slice_of(name, (size_t)(id - name));
    return true;
}

/* Ed25519 is deterministic: the private key gives the note's signature line. */
static void check_signing(zc_report *report, const json_t *test)
{
    ZC_SECRET zc_secret32 seed = {0};
    zc_signer signer = {0};
    zc_slice name;
    zc_slice text = text_of(test, "text");
    zc_slice message = text_of(test, "msg");
    zc_writer line = zc_writer_of(zc_report_room(report, ZC_NOTE_MAX), ZC_NOTE_MAX);
    if (!read_skey(zc_field_text(test, "skey"), &name, &seed)) {
        zc_report_problem(report, "the case is malformed: the private key can't be read");
        return;
    }
    if (zc_report_ok(report, "private key", zc_signer_init(&signer, ZC_CURVE_ED25519, &seed)) &&
        zc_report_ok(report, "writing", zc_write_slice(&line, text)) &&
        zc_report_ok(report, "writing", zc_write_text(&line, "\n")) &&
        zc_report_ok(report, "signing", zc_note_sign(text, name, &signer, &line))) {
        size_t len = zc_writer_len(&line) < message.len ? zc_writer_len(&line) : message.len;
        zc_report_bytes(report, "note", zc_writer_written(&line), zc_slice_of(message.data, len));
    }
    zc_signer_clear(&signer);
}

void zc_run_signed_notes(zc_report *report, json_t *root)
{
    size_t i;
    json_t *test;
    json_array_foreach(root, i, test)
    {
        bool accept = zc_field_is(test, "expect", "accept");
        zc_report_begin(report, "%s", zc_case_name(test, "name", i));
        zc_result result = verify_note(report, test);
        zc_report_verdict(report, accept ? ZC_EXPECT_VALID : ZC_EXPECT_INVALID, result);
        if (accept && zc_field_has(test, "skey")) {
            check_signing(report, test);
        }
        zc_report_end(report);
    }
}

void zc_run_bad_keys(zc_report *report, json_t *root)
{
    size_t i;
    json_t *test;
    json_array_foreach(root, i, test)
    {
        zc_note_key key;
        zc_report_begin(report, "%s", zc_case_name(test, "why", i));
        zc_report_verdict(report, ZC_EXPECT_INVALID,
                          zc_note_key_parse(text_of(test, "vkey"), &key));
        zc_report_end(report);
    }
}

/* The format asks for the text of a note; its signature is checked with the notes. */
void zc_run_checkpoints(zc_report *report, json_t *root)
{
    size_t i;
    json_t *test;
    json_array_foreach(root, i, test)
    {
        zc_checkpoint_lines lines;
        bool accept = zc_field_is(test, "expect", "accept");
        zc_report_begin(report, "%s", zc_case_name(test, "desc", i));
        zc_result result = zc_checkpoint_split(text_of(test, "checkpoint"), &lines);
        zc_report_verdict(report, accept ? ZC_EXPECT_VALID : ZC_EXPECT_INVALID, result);
        if (accept && zc_ok(result)) {
            zc_report_bytes(report, "origin", lines.origin, text_of(test, "origin"));
            zc_report_u64(report, "size", lines.size, zc_field_u64(report, test, "size"));
            zc_report_bytes(report, "root hash", lines.root_base64,
                            text_of(test, "root_hash_base64"));
            zc_report_bytes(report, "rest", lines.extension, text_of(test, "rest"));
        }
        zc_report_end(report);
    }
}
