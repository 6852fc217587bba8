#include "attribute.h"

#include <openssl/x509.h>
#include <string.h>

/* What CKA_EC_PARAMS says: an object identifier, or for Edwards curves the name. */
static const unsigned char p256[] = {0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};
static const unsigned char secp256k1[] = {0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x0a};
static const unsigned char edwards[] = {0x13, 0x0c, 'e', 'd', 'w', 'a', 'r',
                                        'd',  's',  '2', '5', '5', '1', '9'};
static const unsigned char edwards_oid[] = {0x06, 0x03, 0x2b, 0x65, 0x70};

static const struct {
    zcp_curve curve;
    zc_slice parameters;
} curves[] = {
    {ZCP_P256, {p256, sizeof p256}},
    {ZCP_SECP256K1, {secp256k1, sizeof secp256k1}},
    {ZCP_ED25519, {edwards, sizeof edwards}},
    {ZCP_ED25519, {edwards_oid, sizeof edwards_oid}},
};

bool zcp_p11_curve_of(zc_slice parameters, zcp_curve *ret_curve)
{
    for (size_t i = 0; i < sizeof curves / sizeof curves[0]; i++) {
        if (zc_slice_eq(curves[i].parameters, parameters)) {
            *ret_curve = curves[i].curve;
            return true;
        }
    }
    return false;
}

static CK_RV put(zcp_p11_value *value, const void *data, size_t len)
{
    if (len > sizeof value->byte) {
        return CKR_ATTRIBUTE_TYPE_INVALID;
    }
    memcpy(value->byte, data, len);
    value->data = value->byte;
    value->len = len;
    return CKR_OK;
}

static CK_RV put_number(zcp_p11_value *value, unsigned long number)
{
    return put(value, &number, sizeof number);
}

static CK_RV put_bool(zcp_p11_value *value, bool yes)
{
    const unsigned char byte = yes ? CK_TRUE : CK_FALSE;
    return put(value, &byte, sizeof byte);
}

static CK_RV put_parameters(zcp_p11_value *value, zcp_curve curve)
{
    for (size_t i = 0; i < sizeof curves / sizeof curves[0]; i++) {
        if (curves[i].curve == curve) {
            return put(value, curves[i].parameters.data, curves[i].parameters.len);
        }
    }
    return CKR_ATTRIBUTE_TYPE_INVALID;
}

/* A DER octet string of the point. */
static CK_RV put_point(zcp_p11_value *value, const zcp_key *key)
{
    unsigned char point[2 + sizeof key->public_key] = {0x04, (unsigned char)key->public_key_len};
    memcpy(point + 2, key->public_key, key->public_key_len);
    return put(value, point, 2 + key->public_key_len);
}

static CK_RV put_name(zcp_p11_value *value, const X509_NAME *name)
{
    const unsigned char *der;
    size_t len;
    return X509_NAME_get0_der((X509_NAME *)(uintptr_t)name, &der, &len) == 1
               ? put(value, der, len)
               : CKR_ATTRIBUTE_TYPE_INVALID;
}

static CK_RV put_serial(zcp_p11_value *value, X509 *certificate)
{
    unsigned char *der = NULL;
    int len = i2d_ASN1_INTEGER(X509_get_serialNumber(certificate), &der);
    CK_RV result = len > 0 ? put(value, der, (size_t)len) : CKR_ATTRIBUTE_TYPE_INVALID;
    OPENSSL_free(der);
    return result;
}

static CK_RV certificate_attribute(const zcp_p11_key *key, CK_ATTRIBUTE_TYPE type,
                                   zcp_p11_value *value)
{
    if (type == CKA_VALUE) {
        value->data = key->certificate;
        value->len = key->certificate_len;
        return CKR_OK;
    }
    if (type == CKA_CERTIFICATE_TYPE) {
        return put_number(value, CKC_X_509);
    }
    if (type == CKA_TRUSTED) {
        return put_bool(value, false);
    }
    const unsigned char *at = key->certificate;
    X509 *certificate = d2i_X509(NULL, &at, (long)key->certificate_len);
    CK_RV result = CKR_ATTRIBUTE_TYPE_INVALID;
    if (certificate != NULL && type == CKA_SUBJECT) {
        result = put_name(value, X509_get_subject_name(certificate));
    } else if (certificate != NULL && type == CKA_ISSUER) {
        result = put_name(value, X509_get_issuer_name(certificate));
    } else if (certificate != NULL && type == CKA_SERIAL_NUMBER) {
        result = put_serial(value, certificate);
    }
    X509_free(certificate);
    return result;
}

static CK_RV private_attribute(const zcp_p11_key *key, CK_ATTRIBUTE_TYPE type, zcp_p11_value *value)
{
    switch (type) {
    case CKA_VALUE:
        return CKR_ATTRIBUTE_SENSITIVE;
    case CKA_SIGN:
    case CKA_SENSITIVE:
        return put_bool(value, true);
    /* An imported key was somewhere else before. */
    case CKA_ALWAYS_SENSITIVE:
    case CKA_NEVER_EXTRACTABLE:
        return put_bool(value, !key->key.imported);
    case CKA_EXTRACTABLE:
    case CKA_DECRYPT:
    case CKA_SIGN_RECOVER:
    case CKA_UNWRAP:
    case CKA_WRAP_WITH_TRUSTED:
    case CKA_ALWAYS_AUTHENTICATE:
        return put_bool(value, false);
    default:
        return CKR_ATTRIBUTE_TYPE_INVALID;
    }
}

static CK_RV public_attribute(CK_ATTRIBUTE_TYPE type, zcp_p11_value *value)
{
    switch (type) {
    case CKA_VERIFY:
        return put_bool(value, true);
    case CKA_ENCRYPT:
    case CKA_VERIFY_RECOVER:
    case CKA_WRAP:
    case CKA_TRUSTED:
        return put_bool(value, false);
    default:
        return CKR_ATTRIBUTE_TYPE_INVALID;
    }
}

/* What private and public keys have in common. */
static CK_RV key_attribute(const zcp_p11_key *key, zcp_p11_part part, CK_ATTRIBUTE_TYPE type,
                           zcp_p11_value *value)
{
    switch (type) {
    case CKA_KEY_TYPE:
        return put_number(value, key->key.curve == ZCP_ED25519 ? CKK_EC_EDWARDS : CKK_EC);
    case CKA_LOCAL:
        return put_bool(value, !key->key.imported);
    case CKA_DERIVE:
        return put_bool(value, false);
    case CKA_EC_PARAMS:
        return put_parameters(value, key->key.curve);
    case CKA_EC_POINT:
        return put_point(value, &key->key);
    case CKA_SUBJECT:
    case CKA_START_DATE:
    case CKA_END_DATE:
        return put(value, "", 0);
    default:
        return part == ZCP_P11_PRIVATE ? private_attribute(key, type, value)
                                       : public_attribute(type, value);
    }
}

CK_RV zcp_p11_attribute(const zcp_p11_key *key, zcp_p11_part part, CK_ATTRIBUTE_TYPE type,
                        zcp_p11_value *ret_value)
{
    static const CK_OBJECT_CLASS classes[] = {CKO_PRIVATE_KEY, CKO_PUBLIC_KEY, CKO_CERTIFICATE};
    switch (type) {
    case CKA_CLASS:
        return put_number(ret_value, classes[part]);
    case CKA_TOKEN:
        return put_bool(ret_value, true);
    case CKA_PRIVATE:
        return put_bool(ret_value, part == ZCP_P11_PRIVATE);
    case CKA_MODIFIABLE:
    case CKA_COPYABLE:
        return put_bool(ret_value, false);
    case CKA_DESTROYABLE:
        return put_bool(ret_value, part == ZCP_P11_CERTIFICATE);
    case CKA_LABEL:
        return put(ret_value, key->key.name, strlen(key->key.name));
    case CKA_ID:
        return put(ret_value, key->id, sizeof key->id);
    default:
        return part == ZCP_P11_CERTIFICATE ? certificate_attribute(key, type, ret_value)
                                           : key_attribute(key, part, type, ret_value);
    }
}

bool zcp_p11_readable(const CK_ATTRIBUTE *template, unsigned long count)
{
    for (unsigned long i = 0; i < count; i++) {
        if (template == NULL || (template[i].pValue == NULL && template[i].ulValueLen != 0)) {
            return false;
        }
    }
    return true;
}

bool zcp_p11_matches(const zcp_p11_key *key, zcp_p11_part part, const CK_ATTRIBUTE *template,
                     unsigned long count)
{
    for (unsigned long i = 0; i < count; i++) {
        zcp_p11_value value;
        if (zcp_p11_attribute(key, part, template[i].type, &value) != CKR_OK ||
            value.len != template[i].ulValueLen ||
            (value.len != 0 && memcmp(value.data, template[i].pValue, value.len) != 0)) {
            return false;
        }
    }
    return true;
}
