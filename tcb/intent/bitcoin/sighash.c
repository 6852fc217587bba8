#include "intent/bitcoin/sighash.h"

#include "crypto/hash160.h"
#include "intent/bitcoin/script.h"
#include "intent/bitcoin/wire.h"

static bool is_anyone(uint32_t type)
{
    return (type & ZC_BTC_SIGHASH_ANYONECANPAY) != 0;
}

static void hash_outpoint(zc_sha256_ctx *ctx, const zc_btc_input *input)
{
    zc_sha256_update(ctx, ZC_SLICE_OF_ARRAY(input->txid));
    zc_btc_hash_u32(ctx, input->index);
}

static void hash_output(zc_sha256_ctx *ctx, const zc_btc_output *output)
{
    zc_btc_hash_u64(ctx, output->amount);
    zc_btc_hash_bytes(ctx, output->script);
}

static void make_tx_hashes(const zc_btc_tx *tx, zc_btc_hashes *hashes)
{
    zc_sha256_ctx prevouts;
    zc_sha256_ctx sequences;
    zc_sha256_ctx outputs;
    zc_sha256_init(&prevouts);
    zc_sha256_init(&sequences);
    zc_sha256_init(&outputs);
    for (size_t i = 0; i < tx->input_count; i++) {
        hash_outpoint(&prevouts, &tx->inputs[i]);
        zc_btc_hash_u32(&sequences, tx->inputs[i].sequence);
    }
    for (size_t i = 0; i < tx->output_count; i++) {
        hash_output(&outputs, &tx->outputs[i]);
    }
    zc_sha256_final(&prevouts, hashes->prevouts);
    zc_sha256_final(&sequences, hashes->sequences);
    zc_sha256_final(&outputs, hashes->outputs);
}

static void make_spent_hashes(const zc_btc_output *spent, size_t count, zc_btc_hashes *hashes)
{
    zc_sha256_ctx amounts;
    zc_sha256_ctx scripts;
    zc_sha256_init(&amounts);
    zc_sha256_init(&scripts);
    for (size_t i = 0; i < count; i++) {
        zc_btc_hash_u64(&amounts, spent[i].amount);
        zc_btc_hash_bytes(&scripts, spent[i].script);
    }
    zc_sha256_final(&amounts, hashes->amounts);
    zc_sha256_final(&scripts, hashes->scripts);
}

void zc_btc_hashes_make(const zc_btc_tx *tx, const zc_btc_output *spent, zc_btc_hashes *ret_hashes)
{
    *ret_hashes = (zc_btc_hashes){0};
    make_tx_hashes(tx, ret_hashes);
    if (spent != NULL) {
        make_spent_hashes(spent, tx->input_count, ret_hashes);
    }
}

/* Hashes what lies between the separators, or with NULL only counts it. */
static size_t hash_without_separators(zc_sha256_ctx *ctx, zc_slice code)
{
    zc_reader reader = zc_reader_of(code);
    const uint8_t *from = reader.at;
    uint8_t opcode;
    zc_slice data;
    size_t len = 0;
    bool more = true;
    while (more) {
        const uint8_t *to = reader.at;
        more = zc_btc_script_next(&reader, &opcode, &data);
        if (more && opcode != ZC_BTC_OP_CODESEPARATOR) {
            continue;
        }
        /* What follows a push beyond the end is no opcode: it stays as it is. */
        to = more ? to : reader.end;
        len += (size_t)(to - from);
        if (ctx != NULL) {
            zc_sha256_update(ctx, zc_slice_of(from, (size_t)(to - from)));
        }
        from = reader.at;
    }
    return len;
}

static void hash_code(zc_sha256_ctx *ctx, zc_slice code)
{
    zc_btc_hash_count(ctx, hash_without_separators(NULL, code));
    hash_without_separators(ctx, code);
}

static void hash_legacy_inputs(zc_sha256_ctx *ctx, const zc_btc_tx *tx, size_t input, zc_slice code,
                               uint32_t type)
{
    uint32_t base = type & 0x1f;
    bool others_free = base == ZC_BTC_SIGHASH_NONE || base == ZC_BTC_SIGHASH_SINGLE;
    zc_btc_hash_count(ctx, is_anyone(type) ? 1 : tx->input_count);
    for (size_t i = 0; i < tx->input_count; i++) {
        if (i != input && is_anyone(type)) {
            continue;
        }
        hash_outpoint(ctx, &tx->inputs[i]);
        if (i == input) {
            hash_code(ctx, code);
        } else {
            zc_btc_hash_count(ctx, 0);
        }
        zc_btc_hash_u32(ctx, i != input && others_free ? 0 : tx->inputs[i].sequence);
    }
}

static void hash_legacy_outputs(zc_sha256_ctx *ctx, const zc_btc_tx *tx, size_t input,
                                uint32_t type)
{
    static const zc_btc_output none = {.amount = UINT64_MAX};
    uint32_t base = type & 0x1f;
    size_t count = base == ZC_BTC_SIGHASH_NONE     ? 0
                   : base == ZC_BTC_SIGHASH_SINGLE ? input + 1
                                                   : tx->output_count;
    zc_btc_hash_count(ctx, count);
    for (size_t i = 0; i < count; i++) {
        bool is_blank = base == ZC_BTC_SIGHASH_SINGLE && i != input;
        hash_output(ctx, is_blank ? &none : &tx->outputs[i]);
    }
}

void zc_btc_sighash_legacy(const zc_btc_tx *tx, size_t input, zc_slice code, uint32_t type,
                           uint8_t ret_digest[static 32])
{
    zc_sha256_ctx ctx;
    bool is_single = (type & 0x1f) == ZC_BTC_SIGHASH_SINGLE;
    if (input >= tx->input_count || (is_single && input >= tx->output_count)) {
        memset(ret_digest, 0, 32);
        ret_digest[0] = 1;
        return;
    }
    zc_sha256_init(&ctx);
    zc_btc_hash_u32(&ctx, tx->version);
    hash_legacy_inputs(&ctx, tx, input, code, type);
    hash_legacy_outputs(&ctx, tx, input, type);
    zc_btc_hash_u32(&ctx, tx->locktime);
    zc_btc_hash_u32(&ctx, type);
    zc_hash256_final(&ctx, ret_digest);
}

/* BIP-143 has double hashes where BIP-341 has single ones; what is not signed is zeros. */
static void hash_again(zc_sha256_ctx *ctx, const uint8_t single[static 32], bool is_signed)
{
    uint8_t hash[32] = {0};
    if (is_signed) {
        zc_sha256(zc_slice_of(single, 32), hash);
    }
    zc_sha256_update(ctx, ZC_SLICE_OF_ARRAY(hash));
}

static void hash_single_output(const zc_btc_output *output, uint8_t ret_hash[static 32])
{
    zc_sha256_ctx ctx;
    zc_sha256_init(&ctx);
    hash_output(&ctx, output);
    zc_sha256_final(&ctx, ret_hash);
}

static void hash_v0_outputs(zc_sha256_ctx *ctx, const zc_btc_tx *tx, const zc_btc_hashes *hashes,
                            size_t input, uint32_t base)
{
    uint8_t single[32] = {0};
    if (base == ZC_BTC_SIGHASH_SINGLE) {
        if (input < tx->output_count) {
            hash_single_output(&tx->outputs[input], single);
        }
        hash_again(ctx, single, input < tx->output_count);
    } else {
        hash_again(ctx, hashes->outputs, base != ZC_BTC_SIGHASH_NONE);
    }
}

void zc_btc_sighash_v0(const zc_btc_tx *tx, const zc_btc_hashes *hashes, size_t input,
                       zc_slice code, uint64_t amount, uint32_t type, uint8_t ret_digest[static 32])
{
    zc_sha256_ctx ctx;
    uint32_t base = type & 0x1f;
    bool others_free = base == ZC_BTC_SIGHASH_NONE || base == ZC_BTC_SIGHASH_SINGLE;
    zc_sha256_init(&ctx);
    zc_btc_hash_u32(&ctx, tx->version);
    hash_again(&ctx, hashes->prevouts, !is_anyone(type));
    hash_again(&ctx, hashes->sequences, !is_anyone(type) && !others_free);
    hash_outpoint(&ctx, &tx->inputs[input]);
    zc_btc_hash_bytes(&ctx, code);
    zc_btc_hash_u64(&ctx, amount);
    zc_btc_hash_u32(&ctx, tx->inputs[input].sequence);
    hash_v0_outputs(&ctx, tx, hashes, input, base);
    zc_btc_hash_u32(&ctx, tx->locktime);
    zc_btc_hash_u32(&ctx, type);
    zc_hash256_final(&ctx, ret_digest);
}

static void hash_byte(zc_sha256_ctx *ctx, uint8_t byte)
{
    zc_sha256_update(ctx, zc_slice_of(&byte, 1));
}

static void hash_taproot_input(zc_sha256_ctx *ctx, const zc_btc_tx *tx, const zc_btc_output *spent,
                               size_t input, uint8_t type)
{
    hash_byte(ctx, 0); /* key path, no annex */
    if (is_anyone(type)) {
        hash_outpoint(ctx, &tx->inputs[input]);
        hash_output(ctx, &spent[input]);
        zc_btc_hash_u32(ctx, tx->inputs[input].sequence);
    } else {
        zc_btc_hash_u32(ctx, (uint32_t)input);
    }
}

void zc_btc_sighash_taproot(const zc_btc_tx *tx, const zc_btc_hashes *hashes,
                            const zc_btc_output *spent, size_t input, uint8_t type,
                            uint8_t ret_digest[static 32])
{
    zc_sha256_ctx ctx;
    uint8_t single[32];
    uint8_t base = type & 3;
    zc_tagged_hash_init(&ctx, "TapSighash");
    hash_byte(&ctx, 0); /* epoch */
    hash_byte(&ctx, type);
    zc_btc_hash_u32(&ctx, tx->version);
    zc_btc_hash_u32(&ctx, tx->locktime);
    if (!is_anyone(type)) {
        zc_sha256_update(&ctx, ZC_SLICE_OF_ARRAY(hashes->prevouts));
        zc_sha256_update(&ctx, ZC_SLICE_OF_ARRAY(hashes->amounts));
        zc_sha256_update(&ctx, ZC_SLICE_OF_ARRAY(hashes->scripts));
        zc_sha256_update(&ctx, ZC_SLICE_OF_ARRAY(hashes->sequences));
    }
    if (base != ZC_BTC_SIGHASH_NONE && base != ZC_BTC_SIGHASH_SINGLE) {
        zc_sha256_update(&ctx, ZC_SLICE_OF_ARRAY(hashes->outputs));
    }
    hash_taproot_input(&ctx, tx, spent, input, type);
    if (base == ZC_BTC_SIGHASH_SINGLE) {
        hash_single_output(&tx->outputs[input], single);
        zc_sha256_update(&ctx, ZC_SLICE_OF_ARRAY(single));
    }
    zc_sha256_final(&ctx, ret_digest);
}
