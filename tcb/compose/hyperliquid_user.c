/* User-signed actions of Hyperliquid: every member goes into the JSON and into what is signed. */
#include "base/hex.h"
#include "compose/hyperliquid.h"

zc_result zc_hl_user_begin(zc_hl_user *user, zc_compose_job *job, const char *type,
                           const char *encoded)
{
    zc_json *json = &user->request.action.json;
    const char *chain = job->order->test_network ? "Testnet" : "Mainnet";
    ZC_TRY(zc_hl_l1_begin(&user->request, job));
    zc_hl_typed_begin(&user->typed, zc_slice_of_text(encoded));
    ZC_TRY(zc_json_open_object(json));
    ZC_TRY(zc_json_pair(json, "type", zc_slice_of_text(type)));
    ZC_TRY(zc_json_pair(json, "signatureChainId", zc_slice_of_text(ZC_HL_USER_CHAIN_TEXT)));
    return zc_hl_user_text(user, "hyperliquidChain", zc_slice_of_text(chain));
}

zc_result zc_hl_user_text(zc_hl_user *user, const char *key, zc_slice text)
{
    ZC_TRY(zc_json_pair(&user->request.action.json, key, text));
    return zc_hl_typed_text(&user->typed, text);
}

zc_result zc_hl_user_address(zc_hl_user *user, const char *key, zc_slice text)
{
    uint8_t address[20];
    ZC_TRY(zc_hex_decode(text, address, sizeof(address)));
    ZC_TRY(zc_json_pair(&user->request.action.json, key, text));
    return zc_hl_typed_address(&user->typed, address);
}

zc_result zc_hl_user_bool(zc_hl_user *user, const char *key, bool value)
{
    ZC_TRY(zc_json_key(&user->request.action.json, key));
    ZC_TRY(zc_json_bool(&user->request.action.json, value));
    return zc_hl_typed_u64(&user->typed, value ? 1 : 0);
}

zc_result zc_hl_user_end(zc_hl_user *user, const char *nonce_key)
{
    zc_json *json = &user->request.action.json;
    const uint64_t nonce = user->request.job->nonce;
    uint8_t domain[32];
    uint8_t preimage[ZC_HL_PREIMAGE_SIZE];
    ZC_TRY(zc_json_key(json, nonce_key));
    ZC_TRY(zc_json_u64(json, nonce));
    ZC_TRY(zc_json_close_object(json));
    ZC_TRY(zc_json_end(json));
    ZC_TRY(zc_hl_typed_u64(&user->typed, nonce));
    zc_hl_domain("HyperliquidSignTransaction", "1", ZC_HL_USER_CHAIN, domain);
    zc_hl_typed_end(&user->typed, domain, preimage);
    ZC_TRY(zc_hl_envelope(&user->request));
    return zc_hl_seal(&user->request, preimage);
}
