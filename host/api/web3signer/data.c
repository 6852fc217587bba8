#include "api/ethereum/personal.h"
#include "api/web3signer/web3signer.h"
#include "codec/rlp.h"
#include "crypto/hash.h"

#define LAST_TYPE 5 /* a byte of EIP-2718, or EIP-7702's mark of an authorization */

/* One RLP list and nothing behind it, perhaps after a type. */
static bool is_transaction(zc_slice data)
{
    zc_rlp_kind kind;
    zc_reader reader = zc_reader_of(data);
    bool typed = data.len > 0 && data.data[0] <= LAST_TYPE;
    return (!typed || zc_ok(zc_skip(&reader, 1))) && zc_ok(zc_rlp_peek(&reader, &kind)) &&
           kind == ZC_RLP_LIST && zc_ok(zc_rlp_check(zc_reader_rest(&reader)));
}

void zc_web3signer_classify(zc_slice data, uint8_t digest[static 32], zcp_sign_request *ret_request)
{
    static const uint8_t empty = 0;
    zc_slice text;
    zcp_sign_request request = {.use = ZCP_DIGEST, .payload = digest, .payload_len = 32};
    zc_keccak256(data, digest);
    if (zc_personal_text(data, &text)) {
        request.use = ZCP_MESSAGE;
        request.chain = ZCP_CHAIN_EVM;
        request.payload = text.len != 0 ? text.data : &empty;
        request.payload_len = text.len;
    } else if (is_transaction(data)) {
        request.use = ZCP_TX;
        request.chain = ZCP_CHAIN_EVM;
        request.payload = data.data;
        request.payload_len = data.len;
    }
    *ret_request = request;
}
