#include <string.h>

#include "api/public_key.h"
#include "api/vault/vault.h"
#include "crypto/der.h"

#define PREFIX "vault:v1:"
#define SIGNATURE_MAX 256

/* What follows the prefix, as DER or 64 bytes; NULL, or what is wrong with the text. */
static const char *read_signature(const zc_vault_terms *terms, const char *text,
                                  zc_bytes *ret_signature)
{
    if (text == NULL || strncmp(text, "vault:v", 7) != 0) {
        return "invalid signature: no prefix";
    }
    if (strncmp(text, PREFIX, strlen(PREFIX)) != 0) {
        return "invalid signature: version is too new";
    }
    text += strlen(PREFIX);
    bool read = terms->jws ? zc_base64url_read(text, SIGNATURE_MAX, ret_signature)
                           : zc_base64_read(text, SIGNATURE_MAX, ret_signature);
    return read ? NULL : "invalid base64 signature value";
}

/* r ‖ s of a JWS as DER, which is what verifies. */
static bool to_der(zc_bytes *signature)
{
    uint8_t der[ZC_DER_MAX_SIGNATURE];
    zc_writer writer = ZC_WRITER_OF_ARRAY(der);
    bool made = signature->len == 64 && zc_ok(zc_der_write_signature(&writer, signature->data, 32));
    signature->len = 0;
    return made && zc_bytes_append(signature, zc_writer_written(&writer));
}

static json_t *verify_item(zc_vault_call *call, const zc_vault_terms *terms, const json_t *item,
                           unsigned *ret_status)
{
    ZC_BYTES zc_bytes input = {0};
    ZC_BYTES zc_bytes signature = {0};
    (void)call;
    const char *why = zc_vault_input(terms, item, &input);
    if (why == NULL) {
        why = read_signature(terms, json_string_value(json_object_get(item, "signature")),
                             &signature);
    }
    if (why != NULL) {
        return zc_vault_item_error(why, 400, ret_status);
    }
    bool raw = terms->jws && terms->key.curve == ZCP_P256;
    bool valid = (!raw || to_der(&signature)) &&
                 zc_public_key_holds(&terms->key, terms->prehashed, zc_bytes_slice(&input),
                                     zc_bytes_slice(&signature));
    return json_pack("{s:b}", "valid", valid ? 1 : 0);
}

void zc_vault_verify(zc_vault_call *call)
{
    zc_vault_terms terms;
    if (zc_vault_terms_read(call, "signature verification key not found", &terms)) {
        zc_vault_each(call, &terms, verify_item);
    }
}
