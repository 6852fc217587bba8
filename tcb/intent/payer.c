#include "intent/payer.h"

#include "codec/protobuf.h"
#include "crypto/hash160.h"
#include "intent/solana/message.h"

#define COMPRESSED_KEY_SIZE 33

bool zc_solana_payer(zc_slice message, zc_address *ret_payer)
{
    zc_solana_message parsed;
    size_t offset;
    if (!zc_ok(zc_solana_parse(message, &parsed, &offset)) || parsed.key_count == 0) {
        return false;
    }
    *ret_payer = zc_address_of(zc_solana_key(&parsed, 0));
    return true;
}

/* The bytes of a message's first field with this number. */
static bool first_field(zc_slice message, uint32_t number, zc_slice *ret_bytes)
{
    zc_reader reader = zc_reader_of(message);
    zc_pb_field field;
    while (zc_reader_left(&reader) != 0) {
        if (!zc_ok(zc_pb_get_field(&reader, &field))) {
            return false;
        }
        if (field.number == number) {
            *ret_bytes = field.bytes;
            return field.wire == ZC_PB_BYTES;
        }
    }
    return false;
}

bool zc_cosmos_payer(zc_slice sign_doc, zc_address *ret_payer)
{
    /* SignDoc.auth_info_bytes, AuthInfo.signer_infos, SignerInfo.public_key, Any.value, key. */
    static const uint32_t way[] = {2, 1, 1, 2, 1};
    zc_slice at = sign_doc;
    uint8_t account[20];
    for (size_t i = 0; i < sizeof way / sizeof way[0]; i++) {
        if (!first_field(at, way[i], &at)) {
            return false;
        }
    }
    if (at.len != COMPRESSED_KEY_SIZE) {
        return false;
    }
    zc_hash160(at, account);
    *ret_payer = zc_address_of(ZC_SLICE_OF_ARRAY(account));
    return true;
}
