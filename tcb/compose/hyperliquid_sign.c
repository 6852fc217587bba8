#include "compose/hyperliquid_sign.h"

#include "crypto/hash.h"

zc_result zc_hl_connection_id(zc_writer *packed, uint64_t nonce, const uint8_t *vault,
                              bool has_expiry, uint64_t expiry_ms, uint8_t ret_id[static 32])
{
    zc_writer trial = *packed;
    ZC_TRY(zc_write_u64(&trial, nonce));
    ZC_TRY(zc_write_u8(&trial, vault != NULL));
    if (vault != NULL) {
        ZC_TRY(zc_write_slice(&trial, zc_slice_of(vault, 20)));
    }
    if (has_expiry) {
        ZC_TRY(zc_write_u8(&trial, 0));
        ZC_TRY(zc_write_u64(&trial, expiry_ms));
    }
    zc_keccak256(zc_writer_written(&trial), ret_id);
    *packed = trial;
    return ZC_OK;
}

zc_result zc_hl_agent_preimage(const uint8_t connection_id[static 32], bool is_test,
                               uint8_t ret_preimage[static ZC_HL_PREIMAGE_SIZE])
{
    zc_hl_typed agent;
    uint8_t domain[32];
    zc_hl_domain("Exchange", "1", ZC_HL_L1_CHAIN, domain);
    zc_hl_typed_begin(&agent, zc_slice_of_text("Agent(string source,bytes32 connectionId)"));
    ZC_TRY(zc_hl_typed_text(&agent, zc_slice_of_text(is_test ? "b" : "a")));
    ZC_TRY(zc_hl_typed_word(&agent, connection_id));
    zc_hl_typed_end(&agent, domain, ret_preimage);
    return ZC_OK;
}

void zc_hl_domain(const char *name, const char *version, uint64_t chain_id,
                  uint8_t ret_hash[static 32])
{
    static const char type[] =
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)";
    uint8_t words[5 * 32] = {0}; /* the last one is the contract: nobody */
    zc_u256 chain = zc_u256_of(chain_id);
    zc_keccak256(zc_slice_of_text(type), words);
    zc_keccak256(zc_slice_of_text(name), words + 32);
    zc_keccak256(zc_slice_of_text(version), words + 64);
    zc_u256_to_be(&chain, words + 96);
    zc_keccak256(ZC_SLICE_OF_ARRAY(words), ret_hash);
}

void zc_hl_typed_begin(zc_hl_typed *typed, zc_slice type)
{
    zc_keccak256(type, typed->word);
    typed->len = 32;
}

zc_result zc_hl_typed_word(zc_hl_typed *typed, const uint8_t word[static 32])
{
    if (typed->len == sizeof(typed->word)) {
        return zc_fail(ZC_BASE_FULL);
    }
    memcpy(typed->word + typed->len, word, 32);
    typed->len += 32;
    return ZC_OK;
}

zc_result zc_hl_typed_text(zc_hl_typed *typed, zc_slice text)
{
    uint8_t hash[32];
    zc_keccak256(text, hash);
    return zc_hl_typed_word(typed, hash);
}

zc_result zc_hl_typed_u64(zc_hl_typed *typed, uint64_t value)
{
    uint8_t word[32];
    const zc_u256 number = zc_u256_of(value);
    zc_u256_to_be(&number, word);
    return zc_hl_typed_word(typed, word);
}

zc_result zc_hl_typed_address(zc_hl_typed *typed, const uint8_t address[static 20])
{
    uint8_t word[32] = {0};
    memcpy(word + 12, address, 20);
    return zc_hl_typed_word(typed, word);
}

void zc_hl_typed_end(const zc_hl_typed *typed, const uint8_t domain[static 32],
                     uint8_t ret_preimage[static ZC_HL_PREIMAGE_SIZE])
{
    ret_preimage[0] = 0x19;
    ret_preimage[1] = 0x01;
    memcpy(ret_preimage + 2, domain, 32);
    zc_keccak256(zc_slice_of(typed->word, typed->len), ret_preimage + 34);
}
