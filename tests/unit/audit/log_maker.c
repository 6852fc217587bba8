#include "log_maker.h"

#include <string.h>

#include "crypto/hash.h"
#include "unit.h"

void maker_init(log_maker *maker)
{
    memset(maker, 0, sizeof *maker);
    zc_audit_log_init(&maker->log);
    maker->time_ms = 1700000000000;
}

static bool begins(zc_audit_kind kind)
{
    return kind == ZC_AUDIT_KEY_CREATED || kind == ZC_AUDIT_KEY_IMPORTED;
}

static void name_key(log_maker *maker, int key, zc_audit_entry *entry)
{
    entry->has_key = true;
    memset(entry->key_id, 0x50 + key, sizeof entry->key_id);
    if (begins(entry->kind)) {
        return;
    }
    entry->has_key_previous = true;
    entry->key_previous = maker->last[key];
    entry->key_uses = maker->uses[key] + (entry->decision == ZC_AUDIT_ALLOW ? 1 : 0);
}

static void commit_groups(zc_audit_entry *entry)
{
    zc_audit_opening opening = {0};
    for (size_t i = 0; i < ZC_AUDIT_GROUPS; i++) {
        opening.group[i].open = true;
        memset(opening.group[i].salt, (int)(entry->sequence + i), ZC_AUDIT_SALT_SIZE);
        opening.group[i].bytes = zc_slice_of_text("\x65group");
    }
    zc_audit_commit_all(&opening, entry);
}

zc_audit_entry maker_next(log_maker *maker, zc_audit_kind kind, zc_audit_decision decision, int key)
{
    zc_audit_entry entry = {.kind = kind, .decision = decision};
    maker->boot = (uint8_t)(maker->boot + (kind == ZC_AUDIT_BOOT ? 1 : 0));
    entry.sequence = maker->log.next;
    memcpy(entry.previous, maker->log.head, sizeof entry.previous);
    entry.time_ms = maker->time_ms += 7;
    memset(entry.boot_id, kind == ZC_AUDIT_GENESIS ? 1 : maker->boot, sizeof entry.boot_id);
    memset(entry.mission, 0x77, sizeof entry.mission);
    if (key >= 0) {
        name_key(maker, key, &entry);
    }
    if (decision != ZC_AUDIT_NO_DECISION) {
        entry.has_digest = true;
        zc_sha256(zc_slice_of(&entry.sequence, sizeof entry.sequence), entry.digest);
        commit_groups(&entry);
    } else {
        entry.detail = zc_slice_of_text("\x66public");
    }
    return entry;
}

void maker_seal(log_maker *maker, const zc_audit_entry *entry, made_entry *ret_made)
{
    zc_writer writer = ZC_WRITER_OF_ARRAY(ret_made->byte);
    assert_ok(zc_audit_entry_write(entry, &writer));
    ret_made->len = zc_writer_len(&writer);
    zc_audit_leaf(made_slice(ret_made), ret_made->leaf);
    zc_audit_log_append(&maker->log, ret_made->leaf);
    if (entry->has_key) {
        int key = entry->key_id[0] - 0x50;
        maker->last[key] = entry->sequence;
        maker->uses[key] = entry->key_uses;
    }
}

void maker_add(log_maker *maker, zc_audit_kind kind, zc_audit_decision decision, int key,
               made_entry *ret_made)
{
    zc_audit_entry entry = maker_next(maker, kind, decision, key);
    maker_seal(maker, &entry, ret_made);
}

static void add_usual(log_maker *maker, size_t number, made_entry *ret_made)
{
    int key = (int)(number % 2);
    if (number % 31 == 0) {
        maker_add(maker, ZC_AUDIT_BOOT, ZC_AUDIT_NO_DECISION, -1, ret_made);
    } else if (number % 11 == 0) {
        maker_add(maker, ZC_AUDIT_DENIALS, ZC_AUDIT_DENY, -1, ret_made);
    } else if (number % 7 == 0) {
        maker_add(maker, ZC_AUDIT_DECISION, ZC_AUDIT_DENY, key, ret_made);
    } else if (number % 13 == 0) {
        maker_add(maker, ZC_AUDIT_DECISION, ZC_AUDIT_REVIEW, key, ret_made);
    } else if (number % 17 == 0) {
        maker_add(maker, ZC_AUDIT_ERROR, ZC_AUDIT_NO_DECISION, -1, ret_made);
    } else {
        maker_add(maker, ZC_AUDIT_DECISION, ZC_AUDIT_ALLOW, key, ret_made);
    }
}

void maker_fill(log_maker *maker, made_entry *ret_made, size_t count)
{
    static const struct {
        zc_audit_kind kind;
        int key;
    } beginning[] = {
        {ZC_AUDIT_GENESIS, -1},     {ZC_AUDIT_BOOT, -1},       {ZC_AUDIT_KEY_CREATED, 0},
        {ZC_AUDIT_KEY_IMPORTED, 1}, {ZC_AUDIT_KEY_CREATED, 2}, {ZC_AUDIT_KEY_DISABLED, 2},
        {ZC_AUDIT_HALT, -1},        {ZC_AUDIT_RESUME, -1},
    };
    const size_t begun = sizeof beginning / sizeof beginning[0];
    for (size_t i = 0; i < begun; i++) {
        maker_add(maker, beginning[i].kind, ZC_AUDIT_NO_DECISION, beginning[i].key, &ret_made[i]);
    }
    for (size_t i = begun; i < count; i++) {
        add_usual(maker, i, &ret_made[i]);
    }
}
