#include "intent/evm/signature.h"

#include "codec/rlp.h"
#include "crypto/hash.h"
#include "intent/decode.h"

/* SEC 2 §2.4.1: the order of secp256k1, and its half rounded down. */
static const zc_u256 order = {
    {0xbfd25e8cd0364141, 0xbaaedce6af48a03b, 0xfffffffffffffffe, 0xffffffffffffffff}};
static const zc_u256 half_order = {
    {0xdfe92f46681b20a0, 0x5d576e7357a4501d, 0xffffffffffffffff, 0x7fffffffffffffff}};

zc_result zc_evm_check_rs(const zc_u256 *r, const zc_u256 *s)
{
    if (zc_u256_is_zero(r) || zc_u256_is_zero(s) || zc_u256_cmp(r, &order) >= 0 ||
        zc_u256_cmp(s, &order) >= 0) {
        return zc_fail(ZC_INTENT_SIGNATURE_RANGE);
    }
    return zc_u256_cmp(s, &half_order) > 0 ? zc_fail(ZC_INTENT_SIGNATURE_HIGH_S) : ZC_OK;
}

static zc_result read_legacy_v(zc_evm_tx *tx, uint8_t *ret_parity)
{
    zc_u256 above;
    zc_u256 chain;
    uint64_t parity;
    uint64_t chain_id;
    const zc_u256 thirty_five = zc_u256_of(35);
    const zc_u256 *v = &tx->v;
    if (zc_u256_eq(v, &(zc_u256){{27, 0, 0, 0}}) || zc_u256_eq(v, &(zc_u256){{28, 0, 0, 0}})) {
        *ret_parity = (uint8_t)(v->limb[0] - 27);
        return ZC_OK;
    }
    if (!zc_ok(zc_u256_sub(v, &thirty_five, &above))) {
        return zc_fail(ZC_INTENT_SIGNATURE_V);
    }
    ZC_TRY(zc_u256_div_u64(&above, 2, &chain, &parity));
    if (!zc_ok(zc_u256_to_u64(&chain, &chain_id)) || chain_id == 0 || chain_id >= ZC_CHAIN_TAG) {
        return zc_fail(ZC_INTENT_CHAIN_ID);
    }
    tx->has_chain_id = true;
    tx->chain_id = chain_id;
    *ret_parity = (uint8_t)parity;
    return ZC_OK;
}

zc_result zc_evm_read_v(zc_evm_tx *tx, uint8_t *ret_parity)
{
    if (tx->type == ZC_EVM_LEGACY) {
        return read_legacy_v(tx, ret_parity);
    }
    uint64_t parity;
    if (!zc_ok(zc_u256_to_u64(&tx->v, &parity)) || parity > 1) {
        return zc_fail(ZC_INTENT_SIGNATURE_V);
    }
    *ret_parity = (uint8_t)parity;
    return ZC_OK;
}

static zc_result write_type(const zc_evm_tx *tx, zc_writer *writer)
{
    return tx->type == ZC_EVM_LEGACY ? ZC_OK : zc_write_u8(writer, tx->type);
}

zc_result zc_evm_write_signing_payload(const zc_evm_tx *tx, zc_writer *writer)
{
    zc_rlp_list list;
    ZC_TRY(write_type(tx, writer));
    zc_rlp_list_begin(writer, &list);
    ZC_TRY(zc_write_slice(writer, tx->body));
    if (tx->type == ZC_EVM_LEGACY && tx->has_chain_id) {
        ZC_TRY(zc_rlp_put_u64(writer, tx->chain_id));
        ZC_TRY(zc_rlp_put_u64(writer, 0));
        ZC_TRY(zc_rlp_put_u64(writer, 0));
    }
    return zc_rlp_list_end(writer, &list);
}

/* 27 or 28, 35 + 2·chain + parity (which may pass 64 bits), or the parity alone. */
static zc_result make_v(const zc_evm_tx *tx, uint8_t parity, zc_u256 *ret_v)
{
    zc_u256 v = zc_u256_of(parity);
    if (tx->type == ZC_EVM_LEGACY) {
        zc_u256 base = zc_u256_of(27);
        if (tx->has_chain_id) {
            const zc_u256 chain = zc_u256_of(tx->chain_id);
            const zc_u256 thirty_five = zc_u256_of(35);
            ZC_TRY(zc_u256_mul_u64(&chain, 2, &base));
            ZC_TRY(zc_u256_add(&base, &thirty_five, &base));
        }
        ZC_TRY(zc_u256_add(&v, &base, &v));
    }
    *ret_v = v;
    return ZC_OK;
}

static zc_result write_signed(const zc_evm_tx *tx, const zc_u256 *v, const zc_u256 *r,
                              const zc_u256 *s, zc_writer *writer)
{
    zc_rlp_list list;
    ZC_TRY(write_type(tx, writer));
    zc_rlp_list_begin(writer, &list);
    ZC_TRY(zc_write_slice(writer, tx->body));
    ZC_TRY(zc_rlp_put_u256(writer, v));
    ZC_TRY(zc_rlp_put_u256(writer, r));
    ZC_TRY(zc_rlp_put_u256(writer, s));
    return zc_rlp_list_end(writer, &list);
}

/* r and s of a signature that every node takes. */
static zc_result read_rs(const zc_signature *signature, zc_u256 *ret_r, zc_u256 *ret_s)
{
    zc_u256 r;
    zc_u256 s;
    ZC_TRY(zc_u256_from_be(zc_slice_of(signature->byte, 32), &r));
    ZC_TRY(zc_u256_from_be(zc_slice_of(signature->byte + 32, 32), &s));
    ZC_TRY(zc_evm_check_rs(&r, &s));
    if (signature->recovery > 1) {
        return zc_fail(ZC_INTENT_SIGNATURE_V);
    }
    *ret_r = r;
    *ret_s = s;
    return ZC_OK;
}

zc_result zc_evm_write_signed(zc_slice unsigned_tx, const zc_signature *signature,
                              zc_writer *writer)
{
    zc_evm_tx tx;
    size_t offset;
    zc_u256 v;
    zc_u256 r;
    zc_u256 s;
    ZC_TRY(zc_evm_parse(unsigned_tx, &tx, &offset));
    if (tx.is_signed) {
        return zc_fail(ZC_INTENT_ALREADY_SIGNED);
    }
    ZC_TRY(read_rs(signature, &r, &s));
    ZC_TRY(make_v(&tx, signature->recovery, &v));
    zc_writer trial = *writer;
    ZC_TRY(write_signed(&tx, &v, &r, &s, &trial));
    *writer = trial;
    return ZC_OK;
}

zc_result zc_evm_write_authorization(zc_slice authorization, const zc_signature *signature,
                                     zc_writer *writer)
{
    zc_evm_authorization tuple;
    zc_rlp_list list;
    size_t offset;
    zc_u256 r;
    zc_u256 s;
    ZC_TRY(zc_evm_parse_authorization(authorization, &tuple, &offset));
    ZC_TRY(read_rs(signature, &r, &s));
    zc_writer trial = *writer;
    zc_rlp_list_begin(&trial, &list);
    ZC_TRY(zc_write_slice(&trial, tuple.body));
    ZC_TRY(zc_rlp_put_u64(&trial, signature->recovery));
    ZC_TRY(zc_rlp_put_u256(&trial, &r));
    ZC_TRY(zc_rlp_put_u256(&trial, &s));
    ZC_TRY(zc_rlp_list_end(&trial, &list));
    *writer = trial;
    return ZC_OK;
}

zc_result zc_evm_authorization_digest(const zc_evm_authorization *tuple,
                                      uint8_t ret_digest[static 32])
{
    /* Two numbers of 64 bits, an address, their heads, the list's and the magic. */
    uint8_t bytes[64];
    zc_rlp_list list;
    zc_writer writer = ZC_WRITER_OF_ARRAY(bytes);
    ZC_TRY(zc_write_u8(&writer, ZC_EVM_AUTHORIZATION_MAGIC));
    zc_rlp_list_begin(&writer, &list);
    ZC_TRY(zc_write_slice(&writer, tuple->body));
    ZC_TRY(zc_rlp_list_end(&writer, &list));
    zc_keccak256(zc_writer_written(&writer), ret_digest);
    return ZC_OK;
}
