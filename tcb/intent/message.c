#include "intent/message.h"

#include "crypto/hash.h"
#include "intent/evm/fields.h"
#include "intent/solana/shape.h"
#include "intent/text.h"

/* EIP-191 version 0x45. */
#define PERSONAL_PREFIX                                                                            \
    "\x19"                                                                                         \
    "Ethereum Signed Message:\n"
#define PERSONAL_MAX (sizeof(PERSONAL_PREFIX) + ZC_U256_DECIMAL_SIZE + ZC_INTENT_MAX_MESSAGE)

static zc_result personal_digest(zc_slice payload, uint8_t ret_digest[static 32])
{
    uint8_t bytes[PERSONAL_MAX];
    char len[ZC_U256_DECIMAL_SIZE];
    zc_writer writer = ZC_WRITER_OF_ARRAY(bytes);
    const zc_u256 number = zc_u256_of(payload.len);
    zc_u256_to_decimal(&number, len);
    ZC_TRY(zc_write_text(&writer, PERSONAL_PREFIX));
    ZC_TRY(zc_write_text(&writer, len));
    ZC_TRY(zc_write_slice(&writer, payload));
    zc_keccak256(zc_writer_written(&writer), ret_digest);
    return ZC_OK;
}

/* Each family's digest of a message, and what it must not be. */
static zc_result message_digest(zc_family family, zc_slice payload, uint8_t ret_digest[static 32])
{
    if (zc_evm_is_transaction(payload)) {
        return zc_fail(ZC_INTENT_MESSAGE_IS_TRANSACTION);
    }
    switch (family) {
    case ZC_FAMILY_EVM:
        return personal_digest(payload, ret_digest);
    case ZC_FAMILY_NONE:
        zc_sha256(payload, ret_digest);
        return ZC_OK;
    case ZC_FAMILY_BITCOIN:
    case ZC_FAMILY_SOLANA:
    case ZC_FAMILY_COSMOS:
    case ZC_FAMILY_VENUE:
        break;
    }
    return zc_fail(ZC_INTENT_FAMILY);
}

/* Some contracts take a personal message that is a hash for consent to what was hashed: an owner of
 * a Safe executes a transaction by such a signature (eth_sign, v of 31 and 32). The same goes for
 * the preimage of typed data or of data for a validator (0x19 01, 0x19 00). */
static bool may_be_hash(zc_family family, zc_slice payload)
{
    return family == ZC_FAMILY_EVM &&
           (payload.len == 32 ||
            (payload.len > 2 && payload.data[0] == 0x19 && payload.data[1] <= 0x01));
}

static void begin(zc_family family, zc_operation operation, const zc_address *account,
                  zc_intent *ret_intent)
{
    zc_intent_reset(ret_intent);
    ret_intent->family = family;
    ret_intent->operation = operation;
    ret_intent->account = *account;
}

static zc_result decode_message(zc_family family, zc_slice payload, const zc_address *account,
                                zc_intent *ret_intent)
{
    uint8_t digest[32];
    if (payload.len > ZC_INTENT_MAX_MESSAGE) {
        return zc_fail(ZC_INTENT_TOO_LONG);
    }
    ZC_TRY(message_digest(family, payload, digest));
    begin(family, ZC_OPERATION_MESSAGE, account, ret_intent);
    memcpy(ret_intent->digest, digest, sizeof(digest));
    ret_intent->message = payload;
    if (!zc_text_is_plain(payload)) {
        ret_intent->flags |= ZC_FLAG_UNREADABLE_MESSAGE;
        ret_intent->flags |= may_be_hash(family, payload) ? ZC_FLAG_OPAQUE_HASH : 0;
    }
    return ZC_OK;
}

zc_result zc_intent_decode_message(zc_family family, zc_slice payload, const zc_address *account,
                                   zc_intent *ret_intent)
{
    if (family == ZC_FAMILY_NONE && zc_solana_is_message(payload)) {
        return zc_fail(ZC_INTENT_MESSAGE_IS_TRANSACTION);
    }
    return decode_message(family, payload, account, ret_intent);
}

zc_result zc_intent_decode_chainless_message(zc_slice payload, zc_intent *ret_intent)
{
    const zc_address nobody = {0};
    return decode_message(ZC_FAMILY_NONE, payload, &nobody, ret_intent);
}

zc_result zc_intent_decode_digest(zc_family family, zc_slice payload, const zc_address *account,
                                  zc_intent *ret_intent)
{
    if (zc_family_name(family) == NULL) {
        return zc_fail(ZC_INTENT_FAMILY);
    }
    if (payload.len != sizeof(ret_intent->digest)) {
        return zc_fail(ZC_INTENT_DIGEST_SIZE);
    }
    begin(family, ZC_OPERATION_DIGEST, account, ret_intent);
    memcpy(ret_intent->digest, payload.data, sizeof(ret_intent->digest));
    ret_intent->flags = ZC_FLAG_RAW_DIGEST;
    return ZC_OK;
}
