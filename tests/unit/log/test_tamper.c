/* What a host can do to a log, done to one of a thousand entries: each is found.
 *
 * Without arguments bytes are sampled. With --exhaustive every byte of every entry and opening gets
 * every other value; inside the boots' documents, whose check is slow, every bit is turned. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit/cosignature.h"
#include "codec/cbor.h"
#include "log/cosigners.h"
#include "spoiled.h"
#include "support/journal.h"

static bool exhaustive;
static kept_log *ours;
static kept_log *theirs; /* another deployment's */
static zc_log_check check;

static int set_up(void **state)
{
    (void)state;
    ours = kept_log_make();
    theirs = kept_log_make();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    kept_log_free(ours);
    kept_log_free(theirs);
    return 0;
}

static zc_slice note_of(const kept_log *log)
{
    return zc_slice_of(log->note, log->note_len);
}

static zc_slice bytes_of(const kept_log *log, size_t n)
{
    return zc_slice_of(log->entry[n].bytes, log->entry[n].len);
}

static zc_slice opening_of(const kept_log *log, size_t n)
{
    return zc_slice_of(log->entry[n].opening, log->entry[n].opening_len);
}

static bool take(size_t n)
{
    return zc_log_check_entry(&check, &ours->entry[n].scanned);
}

/* The check as it stands before entry `n`. */
static void go_to(size_t n)
{
    check_begin(&check, ours, note_of(ours));
    for (size_t i = 0; i < n; i++) {
        assert_true(take(i));
    }
}

/* Whether what stands in the place of entry `n` is found there, or at the entry behind it, whose
 * `previous` is the leaf of the true one, or, for the last, at the checkpoint. */
static bool found(size_t n, zc_slice bytes, zc_slice opening)
{
    zc_scanned scanned = {.bytes = bytes, .opening = opening, .index = n};
    check_mark mark;
    zc_scan_one(&scanned, false);
    if (!zc_ok(scanned.fault) || !zc_ok(scanned.opening_fault)) {
        return true;
    }
    check_remember(&check, &mark);
    bool faultless = zc_log_check_entry(&check, &scanned);
    if (faultless && n + 1 < SPOILED_ENTRIES) {
        faultless = take(n + 1);
    } else if (faultless) {
        faultless = zc_log_check_end(&check);
    }
    check_return(&check, &mark);
    return !faultless;
}

typedef struct spoiled_part {
    size_t n;
    uint8_t *bytes; /* those that are changed in place */
    size_t len;
    bool slow; /* bits alone */
    uint64_t done;
} spoiled_part;

static void spoil_byte(spoiled_part *spoiling, size_t at)
{
    uint8_t whole = spoiling->bytes[at];
    for (unsigned step = 1; step < 256; step++) {
        bool bit = (step & (step - 1)) == 0;
        bool wanted = exhaustive ? !spoiling->slow || bit : step == 1 + (at % 255);
        if (!wanted) {
            continue;
        }
        spoiling->bytes[at] = (uint8_t)(whole ^ step);
        if (!found(spoiling->n, bytes_of(ours, spoiling->n), opening_of(ours, spoiling->n))) {
            fail_msg("entry %zu, byte %zu of %zu, changed by %02x: not found", spoiling->n, at,
                     spoiling->len, step);
        }
        spoiling->done++;
    }
    spoiling->bytes[at] = whole;
}

static void spoil(spoiled_part *spoiling, size_t stride)
{
    for (size_t at = exhaustive ? 0 : spoiling->n % stride; at < spoiling->len;
         at += exhaustive ? 1 : stride) {
        spoil_byte(spoiling, at);
    }
}

static void entries__every_byte_changed__found(void **state)
{
    (void)state;
    uint64_t done = 0;
    go_to(0);
    for (size_t n = 0; n < SPOILED_ENTRIES; n++) {
        kept_entry *kept = &ours->entry[n];
        bool boot = kept->scanned.entry.kind == ZC_AUDIT_BOOT;
        spoiled_part bytes = {.n = n, .bytes = kept->bytes, .len = kept->len, .slow = boot};
        spoiled_part opening = {.n = n, .bytes = kept->opening, .len = kept->opening_len};
        spoil(&bytes, boot ? 97 : 5);
        spoil(&opening, 7);
        done += bytes.done + opening.done;
        assert_true(take(n));
    }
    assert_true(zc_log_check_end(&check));
    print_message("%llu changes of one byte, each found\n", (unsigned long long)done);
}

/* Only what is behind the place is looked at: what is before it is as it was. */
static void entries__removed_doubled_swapped_inserted__found(void **state)
{
    (void)state;
    go_to(0);
    for (size_t n = 0; n + 1 < SPOILED_ENTRIES; n++) {
        check_mark mark;
        check_remember(&check, &mark);
        assert_false(take(n + 1)); /* removed, or swapped with the one behind it */
        check_return(&check, &mark);
        assert_true(found(n, bytes_of(theirs, n), opening_of(theirs, n)));
        size_t other = (n + 10) % SPOILED_ENTRIES;
        if (ours->entry[n].opening_len > 0 && ours->entry[other].opening_len > 0) {
            assert_true(found(n, bytes_of(ours, n), opening_of(ours, other)));
        }
        assert_true(take(n));
        check_remember(&check, &mark);
        assert_false(take(n)); /* doubled */
        check_return(&check, &mark);
        for (other = n % 50; other < SPOILED_ENTRIES; other += 50) {
            if (other != n + 1) {
                check_remember(&check, &mark);
                assert_false(take(other)); /* inserted */
                check_return(&check, &mark);
            }
        }
    }
}

static void tail__cut_below_the_checkpoint__found(void **state)
{
    (void)state;
    go_to(0);
    for (size_t n = 0; n < SPOILED_ENTRIES; n++) {
        check_mark mark;
        check_remember(&check, &mark);
        assert_false(zc_log_check_end(&check));
        check_return(&check, &mark);
        assert_true(take(n));
    }
    assert_true(zc_log_check_end(&check));
}

/* The hashes of a log are no secret: a host can chain it anew. From the place on every entry is
 * written again; `skip` leaves one out, `mend` sets the counters of keys right. */
typedef struct rewriting {
    size_t from;
    bool skip;
    bool mend;
} rewriting;

static bool rewrite(const rewriting *how)
{
    static uint8_t bytes[ZC_AUDIT_ENTRY_MAX];
    go_to(how->from);
    for (size_t n = how->from + (how->skip ? 1 : 0); n < SPOILED_ENTRIES; n++) {
        zc_audit_entry entry = ours->entry[n].scanned.entry;
        const zc_audit_key_track *key = zc_audit_verifier_key(&check.verifier, entry.key_id);
        entry.sequence = check.verifier.log.next;
        memcpy(entry.previous, check.verifier.log.head, sizeof entry.previous);
        if (n == how->from) {
            entry.digest[0] ^= 1;
        }
        if (how->mend && entry.has_key && key != NULL) {
            entry.key_uses = key->uses + (entry.decision == ZC_AUDIT_ALLOW ? 1 : 0);
            entry.key_previous = key->last;
        }
        zc_writer out = ZC_WRITER_OF_ARRAY(bytes);
        assert_ok(zc_audit_entry_write(&entry, &out));
        if (!check_take(&check, zc_writer_written(&out), opening_of(ours, n))) {
            return false;
        }
    }
    return zc_log_check_end(&check);
}

/* A signature that is left out shows in its key's counter or in what the key's next entry names,
 * whatever else was mended. */
static void log__chained_anew__found_by_counters_and_checkpoint(void **state)
{
    (void)state;
    assert_true(SPOILED_ENTRIES > 900 && !rewrite(&(rewriting){.from = 900}));
    assert_int_equal(check.verifier.fault.code, ZC_AUDIT_ROOT_MISMATCH);
    for (size_t from = 10; from < SPOILED_ENTRIES; from += exhaustive ? 1 : 37) {
        zc_audit_kind kind = ours->entry[from].scanned.entry.kind;
        if (kind != ZC_AUDIT_DECISION) {
            continue;
        }
        bool signs = ours->entry[from].scanned.entry.decision == ZC_AUDIT_ALLOW;
        assert_false(rewrite(&(rewriting){.from = from}));
        assert_false(rewrite(&(rewriting){.from = from, .skip = true, .mend = true}));
        assert_false(rewrite(&(rewriting){.from = from, .skip = true}));
        if (signs && from + 3 < SPOILED_ENTRIES) {
            assert_true(check.verifier.fault.code == ZC_AUDIT_KEY_USES ||
                        check.verifier.fault.code == ZC_AUDIT_KEY_PREVIOUS);
        }
    }
}

static void checkpoint__replaced__found(void **state)
{
    (void)state;
    zc_audit_checkpoint read;
    const zc_genesis *genesis = &ours->made.genesis;
    assert_fails(zc_audit_checkpoint_verify(note_of(theirs), genesis->deployment_id,
                                            genesis->log_key, &read),
                 ZC_AUDIT_WRONG_ORIGIN);
    for (size_t at = 0; at < ours->note_len; at++) {
        for (unsigned step = 1; step < 256; step++) {
            ours->note[at] ^= (uint8_t)step;
            assert_false(zc_ok(zc_audit_checkpoint_verify(note_of(ours), genesis->deployment_id,
                                                          genesis->log_key, &read)));
            ours->note[at] ^= (uint8_t)step;
        }
    }
    /* Signed by the log's own key over another log: a fork. */
    uint8_t forked[ZC_AUDIT_CHECKPOINT_MAX];
    zc_writer note = ZC_WRITER_OF_ARRAY(forked);
    zc_audit_checkpoint fork = {.size = SPOILED_ENTRIES, .extension = zc_slice_of_text("")};
    memset(fork.root, 0xf0, sizeof fork.root);
    assert_ok(zc_audit_checkpoint_write(genesis->deployment_id, &fork, &ours->made.log_key, &note));
    check_begin(&check, ours, zc_writer_written(&note));
    bool good = true;
    for (size_t n = 0; good && n < SPOILED_ENTRIES; n++) {
        good = take(n);
    }
    assert_false(good);
    assert_int_equal(check.verifier.fault.code, ZC_AUDIT_ROOT_MISMATCH);
}

static void boot__of_another_log__found(void **state)
{
    (void)state;
    for (size_t n = 1; n < SPOILED_ENTRIES; n++) {
        if (ours->entry[n].scanned.entry.kind != ZC_AUDIT_BOOT) {
            continue;
        }
        /* Chained as ours, so that the document alone is foreign. */
        static uint8_t bytes[ZC_AUDIT_ENTRY_MAX];
        zc_audit_entry entry = ours->entry[n].scanned.entry;
        entry.detail = theirs->entry[n].scanned.entry.detail;
        zc_writer out = ZC_WRITER_OF_ARRAY(bytes);
        assert_ok(zc_audit_entry_write(&entry, &out));
        go_to(n);
        assert_false(check_take(&check, zc_writer_written(&out), zc_slice_of(NULL, 0)));
        assert_non_null(strstr(check.reason, "document"));
        /* Another boot's of this very log: its boot id is not this entry's. */
        entry.detail = ours->entry[n == 1 ? SPOILED_BOOT_EVERY - 1 : 1].scanned.entry.detail;
        out = ZC_WRITER_OF_ARRAY(bytes);
        assert_ok(zc_audit_entry_write(&entry, &out));
        go_to(n);
        assert_false(check_take(&check, zc_writer_written(&out), zc_slice_of(NULL, 0)));
    }
}

/* A checkpoint with the cosignature of one witness behind it. */
static size_t cosign(const zc_signer *witness, const char *name, uint8_t *ret_note, size_t capacity)
{
    zc_note note;
    zc_writer out = zc_writer_of(ret_note, capacity);
    assert_ok(zc_note_parse(note_of(ours), &note));
    assert_ok(zc_write_slice(&out, note_of(ours)));
    assert_ok(zc_cosignature_write(note.text, zc_slice_of_text(name), witness, 1800000000, &out));
    return zc_writer_len(&out);
}

static void cosignature__forged__found(void **state)
{
    (void)state;
    static const char name[] = "witness.test/w1";
    uint8_t note[2 * ZC_AUDIT_CHECKPOINT_MAX];
    zc_cosigned cosigned;
    zc_cosigners wanted = {.count = 1, .needed = 1};
    const zc_signer *witness = &theirs->made.founder;
    assert_ok(zc_cosigner_of(zc_slice_of_text(name), witness->pubkey.byte, &wanted.key[0]));
    size_t len = cosign(witness, name, note, sizeof note);
    assert_ok(zc_cosigners_check(&wanted, zc_slice_of(note, len), &cosigned));
    assert_int_equal(cosigned.found, 1);
    assert_int_equal(cosigned.latest_s, 1800000000);
    for (size_t at = ours->note_len; at < len; at++) {
        for (unsigned step = 1; step < 256; step++) {
            note[at] ^= (uint8_t)step;
            assert_false(zc_ok(zc_cosigners_check(&wanted, zc_slice_of(note, len), &cosigned)));
            note[at] ^= (uint8_t)step;
        }
    }
    len = cosign(&ours->made.founder, name, note, sizeof note); /* another key of the same name */
    assert_fails(zc_cosigners_check(&wanted, zc_slice_of(note, len), &cosigned),
                 ZC_LOG_NO_COSIGNATURE);
    wanted.key[1] = wanted.key[0];
    wanted.count = wanted.needed = 2;
    len = cosign(witness, name, note, sizeof note);
    assert_fails(zc_cosigners_check(&wanted, zc_slice_of(note, len), &cosigned),
                 ZC_LOG_NO_COSIGNATURE); /* one witness named twice is one */
}

/* A frame of a journal around entry `n`: its length, the array's head and those of the strings. */
static size_t frame_of(size_t n, uint8_t *ret_frame, size_t capacity, size_t *ret_heads)
{
    static const uint8_t tag[ZC_JOURNAL_TAG_LEN];
    size_t heads = 0;
    uint8_t *length = NULL;
    zc_writer out = zc_writer_of(ret_frame, capacity);
    const zc_slice part[3] = {bytes_of(ours, n), opening_of(ours, n), ZC_SLICE_OF_ARRAY(tag)};
    assert_ok(zc_write_reserve(&out, 4, &length));
    assert_ok(zc_cbor_put_array(&out, 3));
    for (size_t i = 0; i < 5; i++) {
        ret_heads[heads++] = i;
    }
    for (size_t i = 0; i < 3; i++) {
        size_t before = zc_writer_len(&out);
        assert_ok(zc_cbor_put_bytes(&out, part[i]));
        for (size_t at = before; at < zc_writer_len(&out) - part[i].len; at++) {
            ret_heads[heads++] = at;
        }
    }
    zc_writer head = zc_writer_of(length, 4);
    assert_ok(zc_write_u32(&head, (uint32_t)(zc_writer_len(&out) - 4)));
    ret_heads[heads] = SIZE_MAX;
    return zc_writer_len(&out);
}

/* How many records of the file are those of the log from `n` on. */
static size_t records_as_made(const char *path, size_t n)
{
    zc_journal_reader reader;
    zc_journal_record record;
    bool end = false;
    size_t same = 0;
    assert_ok(zc_journal_reader_open(path, &reader, NULL));
    while (zc_ok(zc_journal_reader_next(&reader, &record, &end, NULL)) && !end) {
        assert_true(n + same < SPOILED_ENTRIES);
        assert_true(zc_slice_eq(record.entry, bytes_of(ours, n + same)) &&
                    zc_slice_eq(record.opening, opening_of(ours, n + same)));
        same++;
    }
    zc_journal_reader_close(&reader);
    return same;
}

static void frames__every_byte_around_an_entry__found(void **state)
{
    (void)state;
    static uint8_t frame[ZC_MADE_FRAME_MAX];
    char path[] = "/tmp/zc-frame-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    for (size_t n = 0; n + 1 < SPOILED_ENTRIES; n += exhaustive ? 1 : 61) {
        size_t heads[32];
        size_t behind[32];
        size_t len = frame_of(n, frame, sizeof frame, heads);
        assert_int_equal(pwrite(file, frame, len, 0), len);
        size_t more = frame_of(n + 1, frame, sizeof frame, behind);
        assert_int_equal(pwrite(file, frame, more, (off_t)len), more);
        assert_int_equal(ftruncate(file, (off_t)(len + more)), 0);
        assert_int_equal(records_as_made(path, n), 2);
        (void)frame_of(n, frame, sizeof frame, heads);
        for (size_t i = 0; heads[i] != SIZE_MAX; i++) {
            for (unsigned step = 1; step < 256; step += exhaustive ? 1 : 13) {
                uint8_t wrong = (uint8_t)(frame[heads[i]] ^ step);
                assert_int_equal(pwrite(file, &wrong, 1, (off_t)heads[i]), 1);
                assert_true(records_as_made(path, n) < 2);
            }
            assert_int_equal(pwrite(file, &frame[heads[i]], 1, (off_t)heads[i]), 1);
        }
    }
    (void)close(file);
    (void)unlink(path);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries__every_byte_changed__found),
        cmocka_unit_test(entries__removed_doubled_swapped_inserted__found),
        cmocka_unit_test(tail__cut_below_the_checkpoint__found),
        cmocka_unit_test(log__chained_anew__found_by_counters_and_checkpoint),
        cmocka_unit_test(checkpoint__replaced__found),
        cmocka_unit_test(boot__of_another_log__found),
        cmocka_unit_test(cosignature__forged__found),
        cmocka_unit_test(frames__every_byte_around_an_entry__found),
    };
    exhaustive = argc > 1 && strcmp(argv[1], "--exhaustive") == 0;
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
