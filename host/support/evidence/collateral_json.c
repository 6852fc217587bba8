#include "base/hex.h"
#include "certificates.h"

/* The longest list in hex that a collateral object holds. */
#define CRL_MAX ((size_t)1 << 18)

static zc_slice text_of(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    return json_is_string(value) ? zc_slice_of(json_string_value(value), json_string_length(value))
                                 : zc_slice_of(NULL, 0);
}

static zc_result keep_statement(zc_statement *list, size_t *count, zc_slice text,
                                zc_slice signature_hex)
{
    zc_statement statement = {.text = text};
    if (*count == ZC_POOL_STATEMENTS ||
        !zc_ok(zc_hex_decode(signature_hex, statement.signature, sizeof statement.signature))) {
        return zc_fail(ZC_EVIDENCE_BAD_COLLATERAL);
    }
    list[(*count)++] = statement;
    return ZC_OK;
}

/* A list as hex of its DER, as the caching service hands it out, or as PEM. */
static zc_result add_crl_text(zc_pool *pool, zc_slice text)
{
    if (text.len > 0 && text.data[0] == '-') {
        return zc_pool_add(pool, text);
    }
    uint8_t *der = text.len <= 2 * CRL_MAX ? OPENSSL_malloc(text.len / 2 + 1) : NULL;
    size_t len = 0;
    if (der == NULL || !zc_ok(zc_hex_decode_some(text, der, text.len / 2 + 1, &len))) {
        OPENSSL_free(der);
        return zc_fail(ZC_EVIDENCE_BAD_COLLATERAL);
    }
    zc_result added = zc_pool_add_der(pool, zc_slice_of(der, len));
    OPENSSL_free(der);
    return added;
}

/* Everything about one platform in one object: chains in PEM, lists in hex, statements as texts. */
static zc_result add_collateral(zc_pool *pool, const json_t *object)
{
    static const char *const chains[] = {"pck_crl_issuer_chain", "tcb_info_issuer_chain",
                                         "qe_identity_issuer_chain", "pck_certificate_chain"};
    static const char *const lists[] = {"root_ca_crl", "pck_crl"};
    for (size_t i = 0; i < sizeof chains / sizeof *chains; i++) {
        zc_slice chain = text_of(object, chains[i]);
        if (chain.len > 0) {
            ZC_TRY(zc_pool_add(pool, chain));
        }
    }
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        zc_slice list = text_of(object, lists[i]);
        if (list.len > 0) {
            ZC_TRY(add_crl_text(pool, list));
        }
    }
    zc_slice tcb_info = text_of(object, "tcb_info");
    if (tcb_info.len > 0) {
        ZC_TRY(keep_statement(pool->tcb_info, &pool->tcb_info_count, tcb_info,
                              text_of(object, "tcb_info_signature")));
    }
    zc_slice qe_identity = text_of(object, "qe_identity");
    if (qe_identity.len > 0) {
        ZC_TRY(keep_statement(pool->qe_identity, &pool->qe_identity_count, qe_identity,
                              text_of(object, "qe_identity_signature")));
    }
    return ZC_OK;
}

/* {"tcbInfo": {…}, "signature": hex}: what Intel's service answers. The signed bytes are those of
 * the inner object as it stands in the answer. */
static zc_result add_response(zc_pool *pool, const json_t *object, zc_slice text)
{
    zc_slice signature = text_of(object, "signature");
    zc_slice inner;
    if (zc_json_member_text(text, "tcbInfo", &inner)) {
        return keep_statement(pool->tcb_info, &pool->tcb_info_count, inner, signature);
    }
    if (zc_json_member_text(text, "enclaveIdentity", &inner)) {
        return keep_statement(pool->qe_identity, &pool->qe_identity_count, inner, signature);
    }
    return zc_fail(ZC_EVIDENCE_BAD_COLLATERAL);
}

zc_result zc_pool_add_json(zc_pool *pool, zc_slice text)
{
    if (pool->document_count == ZC_POOL_STATEMENTS) {
        return zc_fail(ZC_EVIDENCE_BAD_COLLATERAL);
    }
    json_t *object = json_loadb((const char *)text.data, text.len, JSON_REJECT_DUPLICATES, NULL);
    if (!json_is_object(object)) {
        json_decref(object);
        return zc_fail(ZC_EVIDENCE_BAD_COLLATERAL);
    }
    pool->document[pool->document_count++] = object;
    bool is_collateral = json_object_get(object, "tcb_info") != NULL ||
                         json_object_get(object, "root_ca_crl") != NULL ||
                         json_object_get(object, "qe_identity") != NULL;
    return is_collateral ? add_collateral(pool, object) : add_response(pool, object, text);
}
