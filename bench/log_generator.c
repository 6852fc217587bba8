/* Makes a large log for measurements: the entries of a real deployment's journal, and then COUNT
 * decisions of its last key, chained and committed to as the enclave would.
 *
 *     zcp-log-generator JOURNAL COUNT OUT
 *
 * No checkpoint covers what it adds: the log key never leaves the enclave. */
#include <stdio.h>
#include <stdlib.h>

#include "audit/chain.h"
#include "audit/opening.h"
#include "codec/cbor.h"
#include "support/journal.h"

typedef struct zc_generator {
    FILE *out;
    zc_audit_log log;
    zc_audit_entry last; /* the newest, for its boot and mission */
    bool has_key;
    uint8_t key_id[ZC_AUDIT_KEY_ID_SIZE];
    uint64_t uses;
    uint64_t key_last;
} zc_generator;

static bool write_frame(zc_generator *generator, zc_slice entry, zc_slice opening)
{
    static uint8_t frame[ZC_JOURNAL_MAX_FRAME];
    static const uint8_t tag[ZC_JOURNAL_TAG_LEN];
    uint8_t *head = NULL;
    zc_writer out = ZC_WRITER_OF_ARRAY(frame);
    if (!zc_ok(zc_write_reserve(&out, 4, &head)) || !zc_ok(zc_cbor_put_array(&out, 3)) ||
        !zc_ok(zc_cbor_put_bytes(&out, entry)) || !zc_ok(zc_cbor_put_bytes(&out, opening)) ||
        !zc_ok(zc_cbor_put_bytes(&out, ZC_SLICE_OF_ARRAY(tag)))) {
        return false;
    }
    zc_writer length = zc_writer_of(head, 4);
    return zc_ok(zc_write_u32(&length, (uint32_t)(zc_writer_len(&out) - 4))) &&
           fwrite(frame, 1, zc_writer_len(&out), generator->out) == zc_writer_len(&out);
}

static void take(zc_generator *generator, const zc_audit_entry *entry, zc_slice bytes)
{
    uint8_t leaf[ZC_AUDIT_HASH_SIZE];
    zc_audit_leaf(bytes, leaf);
    zc_audit_log_append(&generator->log, leaf);
    if (entry->has_key) {
        generator->has_key = true;
        memcpy(generator->key_id, entry->key_id, sizeof generator->key_id);
        generator->uses = entry->key_uses;
        generator->key_last = entry->sequence;
    }
    generator->last = *entry;
}

static bool copy_beginning(zc_generator *generator, const char *path)
{
    zc_journal_reader reader;
    zc_journal_record record;
    zc_audit_entry entry;
    bool end = false;
    if (!zc_ok(zc_journal_reader_open(path, &reader, NULL))) {
        return false;
    }
    bool good = true;
    while (good && !end) {
        good = zc_ok(zc_journal_reader_next(&reader, &record, &end, NULL));
        if (good && !end) {
            good = zc_ok(zc_audit_entry_read(record.entry, &entry)) &&
                   write_frame(generator, record.entry, record.opening);
            take(generator, &entry, record.entry);
        }
    }
    zc_journal_reader_close(&reader);
    return good && generator->has_key;
}

static bool add_decision(zc_generator *generator)
{
    static const uint8_t group[120];
    static uint8_t opening_bytes[2048];
    static uint8_t bytes[ZC_AUDIT_ENTRY_MAX];
    uint64_t sequence = generator->log.next;
    zc_audit_opening opening = {0};
    zc_audit_entry entry = {.sequence = sequence,
                            .time_ms = generator->last.time_ms + 1,
                            .kind = ZC_AUDIT_DECISION,
                            .decision = sequence % 10 == 0 ? ZC_AUDIT_DENY : ZC_AUDIT_ALLOW,
                            .has_key = true,
                            .has_key_previous = true,
                            .key_previous = generator->key_last,
                            .has_digest = true};
    entry.key_uses = generator->uses + (entry.decision == ZC_AUDIT_ALLOW ? 1 : 0);
    memcpy(entry.key_id, generator->key_id, sizeof entry.key_id);
    memcpy(entry.boot_id, generator->last.boot_id, sizeof entry.boot_id);
    memcpy(entry.mission, generator->last.mission, sizeof entry.mission);
    memcpy(entry.previous, generator->log.head, sizeof entry.previous);
    memcpy(entry.digest, &sequence, sizeof sequence);
    for (size_t i = 0; i < ZC_AUDIT_GROUPS; i++) {
        opening.group[i].open = true;
        opening.group[i].bytes = ZC_SLICE_OF_ARRAY(group);
        memcpy(opening.group[i].salt, &sequence, sizeof sequence);
    }
    zc_audit_commit_all(&opening, &entry);
    zc_writer out = ZC_WRITER_OF_ARRAY(bytes);
    zc_writer opened = ZC_WRITER_OF_ARRAY(opening_bytes);
    bool made = zc_ok(zc_audit_entry_write(&entry, &out)) &&
                zc_ok(zc_audit_opening_write(&opening, &opened)) &&
                write_frame(generator, zc_writer_written(&out), zc_writer_written(&opened));
    take(generator, &entry, zc_writer_written(&out));
    return made;
}

int main(int argc, char **argv)
{
    static zc_generator generator;
    unsigned long long count = argc == 4 ? strtoull(argv[2], NULL, 10) : 0;
    generator.out = argc == 4 ? fopen(argv[3], "wbe") : NULL;
    if (generator.out == NULL) {
        (void)fprintf(stderr, "usage: zcp-log-generator JOURNAL COUNT OUT\n");
        return 2;
    }
    zc_audit_log_init(&generator.log);
    bool good = copy_beginning(&generator, argv[1]);
    for (unsigned long long i = 0; good && i < count; i++) {
        good = add_decision(&generator);
    }
    good = fclose(generator.out) == 0 && good;
    if (!good) {
        (void)fprintf(stderr, "zcp-log-generator: the log could not be made\n");
    }
    return good ? 0 : 1;
}
