#include "chain.h"

#include <string.h>

#include "codec/cbor.h"
#include "crypto/hash.h"

static const uint8_t no_entropy[32];

const zc_signer *chain_signer(zc_curve curve)
{
    static zc_signer signers[4];
    zc_secret32 secret;
    zc_signer *signer = &signers[curve];
    if (signer->pubkey.len == 0) {
        memset(secret.byte, 1, sizeof(secret.byte));
        OK(zc_signer_init(signer, curve, &secret));
    }
    return signer;
}

const zc_compose_account *chain_account(zc_curve curve)
{
    static zc_compose_account account;
    static const char name[] = "organizations/o/apiKeys/k";
    account = (zc_compose_account){.key = curve == ZC_CURVE_ED25519 ? ZC_COMPOSE_KEY_ED25519
                                          : curve == ZC_CURVE_P256  ? ZC_COMPOSE_KEY_P256
                                                                    : ZC_COMPOSE_KEY_SECP256K1,
                                   .pubkey = &chain_signer(curve)->pubkey};
    if (curve != ZC_CURVE_SECP256K1) {
        account.api_key = zc_slice_of_text(name);
    }
    return &account;
}

void set_text(char *field, const char *text)
{
    memcpy(field, text, strlen(text) + 1);
}

zc_decimal dec(const char *text)
{
    zc_decimal decimal;
    OK(zc_decimal_read(zc_slice_of_text(text), &decimal));
    return decimal;
}

zc_result prepare(const zc_order *order, zc_curve curve, zc_composition *ret)
{
    return zc_compose_prepare(order, chain_account(curve), NOW, NOW + 7, ret);
}

static void sign(const zc_composition *composition, zc_curve curve, uint8_t *ret, size_t *ret_len)
{
    zc_signature signature;
    uint8_t digest[32];
    zc_slice preimage = zc_compose_preimage(composition, 0);
    const bool keccak = composition->signings[0].scheme == ZC_COMPOSE_ECDSA_KECCAK256;
    if (curve == ZC_CURVE_ED25519) {
        OK(zc_sign_message_ed25519(chain_signer(curve), preimage, &signature));
    } else {
        (keccak ? zc_keccak256 : zc_sha256)(preimage, digest);
        OK(zc_sign_digest(chain_signer(curve), ZC_NONCE_DETERMINISTIC, no_entropy, digest,
                          &signature));
    }
    memcpy(ret, signature.byte, 64);
    ret[64] = signature.recovery;
    *ret_len = keccak ? 65 : 64;
}

const char *body_of(const zc_order *order, zc_curve curve)
{
    static zc_composition composition;
    static uint8_t request[ZC_COMPOSE_MAX_FINISHED];
    static char text[ZC_COMPOSE_MAX_FINISHED];
    uint8_t signature[65];
    size_t len;
    zc_slice signatures[ZC_COMPOSE_MAX_SIGNINGS] = {{0}};
    zc_writer writer = ZC_WRITER_OF_ARRAY(request);
    OK(prepare(order, curve, &composition));
    sign(&composition, curve, signature, &len);
    signatures[0] = zc_slice_of(signature, len);
    OK(zc_compose_finish(&composition, signatures, NULL, &writer));
    OK(zc_cbor_check_canonical(zc_writer_written(&writer)));
    /* The body is the last item: its bytes end the request. */
    const size_t tail = composition.body.len < zc_writer_len(&writer) ? composition.body.len : 0;
    const uint8_t *body = writer.at - tail;
    while (body > request && *body != '{') {
        body--;
    }
    memcpy(text, body, (size_t)(writer.at - body));
    text[writer.at - body] = '\0';
    return text;
}

const char *unsigned_body(const zc_composition *composition)
{
    static char text[ZC_COMPOSE_TEXT_MAX + 1];
    memcpy(text, composition->body.byte, composition->body.len);
    text[composition->body.len] = '\0';
    return text;
}

bool holds(const char *text, const char *part)
{
    return strstr(text, part) != NULL;
}
