#include "log/bundle.h"

#include "audit/proof.h"
#include "codec/cbor.h"
#include "crypto/hash.h"

#define FIELDS 8

static const char version[] = "zcp-proof-v1";

static zc_result write_entry(const zc_proven_entry *entry, zc_writer *out)
{
    ZC_TRY(zc_cbor_put_array(out, 2));
    ZC_TRY(zc_cbor_put_bytes(out, entry->bytes));
    ZC_TRY(zc_cbor_put_array(out, entry->count));
    for (size_t i = 0; i < entry->count; i++) {
        ZC_TRY(zc_cbor_put_bytes(out, zc_slice_of(entry->proof + 32 * i, 32)));
    }
    return ZC_OK;
}

zc_result zc_proof_write(const zc_proof_bundle *bundle, zc_writer *writer)
{
    zc_writer out = *writer;
    ZC_TRY(zc_cbor_put_array(&out, FIELDS));
    ZC_TRY(zc_cbor_put_text(&out, zc_slice_of_text(version)));
    ZC_TRY(write_entry(&bundle->entry, &out));
    ZC_TRY(write_entry(&bundle->genesis, &out));
    ZC_TRY(write_entry(&bundle->boot, &out));
    ZC_TRY(zc_cbor_put_bytes(&out, bundle->opening));
    ZC_TRY(zc_cbor_put_bytes(&out, bundle->checkpoint));
    ZC_TRY(zc_cbor_put_bytes(&out, bundle->root_pem));
    ZC_TRY(zc_cbor_put_bytes(&out, bundle->mission));
    *writer = out;
    return ZC_OK;
}

static zc_result read_entry(zc_reader *in, zc_proven_entry *entry)
{
    size_t two;
    ZC_TRY(zc_cbor_get_array(in, 2, &two));
    ZC_TRY(zc_cbor_get_bytes(in, &entry->bytes));
    ZC_TRY(zc_cbor_get_array(in, ZC_PROOF_HASHES, &entry->count));
    for (size_t i = 0; i < entry->count; i++) {
        ZC_TRY(zc_cbor_get_fixed_bytes(in, entry->proof + 32 * i, 32));
    }
    return two == 2 ? ZC_OK : zc_fail(ZC_LOG_BAD_PROOF_FILE);
}

static zc_result read_all(zc_reader *in, zc_proof_bundle *bundle)
{
    size_t fields;
    zc_slice named;
    ZC_TRY(zc_cbor_get_array(in, FIELDS, &fields));
    ZC_TRY(zc_cbor_get_text(in, &named));
    if (fields != FIELDS || !zc_slice_eq_text(named, version)) {
        return zc_fail(ZC_LOG_BAD_PROOF_FILE);
    }
    ZC_TRY(read_entry(in, &bundle->entry));
    ZC_TRY(read_entry(in, &bundle->genesis));
    ZC_TRY(read_entry(in, &bundle->boot));
    ZC_TRY(zc_cbor_get_bytes(in, &bundle->opening));
    ZC_TRY(zc_cbor_get_bytes(in, &bundle->checkpoint));
    ZC_TRY(zc_cbor_get_bytes(in, &bundle->root_pem));
    ZC_TRY(zc_cbor_get_bytes(in, &bundle->mission));
    return zc_reader_end(in);
}

zc_result zc_proof_read(zc_slice bytes, zc_proof_bundle *ret_bundle)
{
    zc_reader in = zc_reader_of(bytes);
    memset(ret_bundle, 0, sizeof *ret_bundle);
    return zc_ok(read_all(&in, ret_bundle)) ? ZC_OK : zc_fail(ZC_LOG_BAD_PROOF_FILE);
}

static zc_result check_entry(const zc_proven_entry *proven, const zc_audit_checkpoint *checkpoint,
                             zc_audit_entry *ret_entry, uint8_t ret_leaf[static 32])
{
    ZC_TRY(zc_audit_entry_read(proven->bytes, ret_entry));
    zc_audit_leaf(proven->bytes, ret_leaf);
    return zc_audit_check_inclusion(ret_entry->sequence, checkpoint->size, ret_leaf,
                                    zc_slice_of(proven->proof, 32 * proven->count),
                                    checkpoint->root);
}

/* The boot entry is the one under which the entry was made, and both are of one mission. */
static bool same_boot(const zc_audit_entry *boot, const zc_audit_entry *entry)
{
    return boot->kind == ZC_AUDIT_BOOT &&
           memcmp(boot->boot_id, entry->boot_id, sizeof boot->boot_id) == 0 &&
           memcmp(boot->mission, entry->mission, sizeof boot->mission) == 0;
}

/* A mission that goes along is the one that the entry names. */
static zc_result check_mission(zc_slice mission, const zc_audit_entry *entry)
{
    uint8_t hash[32];
    zc_sha256(mission, hash);
    return mission.len == 0 || memcmp(hash, entry->mission, sizeof hash) == 0
               ? ZC_OK
               : zc_fail(ZC_LOG_MISSION_MISMATCH);
}

zc_result zc_proof_check(const zc_proof_bundle *bundle, zc_proof_facts *ret_facts)
{
    zc_proof_facts facts = {0};
    zc_audit_entry genesis;
    zc_genesis_record record;
    uint8_t leaf[32];
    ZC_TRY(zc_audit_entry_read(bundle->genesis.bytes, &genesis));
    if (genesis.kind != ZC_AUDIT_GENESIS) {
        return zc_fail(ZC_AUDIT_BAD_BEGINNING);
    }
    ZC_TRY(zc_genesis_record_parse(genesis.detail, &record));
    facts.genesis = record.genesis;
    ZC_TRY(zc_audit_checkpoint_verify(bundle->checkpoint, facts.genesis.deployment_id,
                                      facts.genesis.log_key, &facts.checkpoint));
    ZC_TRY(check_entry(&bundle->genesis, &facts.checkpoint, &genesis, leaf));
    ZC_TRY(check_entry(&bundle->boot, &facts.checkpoint, &facts.boot, leaf));
    ZC_TRY(check_entry(&bundle->entry, &facts.checkpoint, &facts.entry, facts.leaf));
    if (!same_boot(&facts.boot, &facts.entry)) {
        return zc_fail(ZC_LOG_BOOT_MISMATCH);
    }
    ZC_TRY(check_mission(bundle->mission, &facts.entry));
    if (bundle->opening.len > 0) {
        ZC_TRY(zc_audit_opening_read(bundle->opening, &facts.opening));
        ZC_TRY(zc_audit_opening_check(&facts.opening, &facts.entry));
    }
    *ret_facts = facts;
    return ZC_OK;
}
