/* Any bytes as an application's template, held against a key whose certificate is any bytes too. An
 * object has what it says it has: the template made of its own answers matches, and with a bit
 * changed it does not. */
#include <stdlib.h>
#include <string.h>

#include "pkcs11/attribute.h"

#define ATTRIBUTES 16

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static unsigned char take(const uint8_t **data, size_t *size)
{
    if (*size == 0) {
        return 0;
    }
    (*size)--;
    return *(*data)++;
}

/* In a buffer of its own, so that a read beyond its end is seen. */
static unsigned char *take_bytes(const uint8_t **data, size_t *size, size_t len)
{
    unsigned char *bytes = calloc(1, len > 0 ? len : 1);
    require(bytes != NULL);
    for (size_t i = 0; i < len; i++) {
        bytes[i] = take(data, size);
    }
    return bytes;
}

static void check_own(const zcp_p11_key *key, zcp_p11_part part, CK_ATTRIBUTE_TYPE type)
{
    zcp_p11_value value;
    if (zcp_p11_attribute(key, part, type, &value) != CKR_OK) {
        return;
    }
    require(value.data == key->certificate || value.len <= sizeof value.byte);
    unsigned char *copy = malloc(value.len > 0 ? value.len : 1);
    require(copy != NULL);
    memcpy(copy, value.data, value.len);
    const CK_ATTRIBUTE own = {type, copy, value.len};
    require(zcp_p11_readable(&own, 1) && zcp_p11_matches(key, part, &own, 1));
    if (value.len > 0) {
        copy[0] ^= 1;
        require(!zcp_p11_matches(key, part, &own, 1));
    }
    free(copy);
}

/* 0 to 0x1ff and the token's own, where all that have a meaning lie. */
static CK_ATTRIBUTE_TYPE take_type(const uint8_t **data, size_t *size)
{
    CK_ATTRIBUTE_TYPE type = take(data, size);
    return type | (CK_ATTRIBUTE_TYPE)(take(data, size) % 4) << 8;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const zcp_curve kinds[] = {ZCP_P256, ZCP_SECP256K1, ZCP_ED25519};
    CK_ATTRIBUTE template[ATTRIBUTES];
    zcp_p11_key key = {.key = {.name = "web"}};
    zcp_curve curve;
    const zcp_p11_part part = (zcp_p11_part)(take(&data, &size) % 3);
    const size_t count = take(&data, &size) % (ATTRIBUTES + 1);
    key.key.curve = kinds[take(&data, &size) % 3];
    key.key.public_key_len = key.key.curve == ZCP_ED25519 ? 32 : 65;
    for (size_t i = 0; i < count; i++) {
        template[i].type = take_type(&data, &size);
        template[i].ulValueLen = take(&data, &size);
        template[i].pValue = template[i].ulValueLen % 7 == 6
                                 ? NULL
                                 : take_bytes(&data, &size, template[i].ulValueLen);
        (void)zcp_p11_curve_of(zc_slice_of(template[i].pValue != NULL ? template[i].pValue : "",
                                           template[i].pValue != NULL ? template[i].ulValueLen : 0),
                               &curve);
    }
    key.certificate_len = size;
    key.certificate = take_bytes(&data, &size, size);
    if (zcp_p11_readable(template, count)) {
        (void)zcp_p11_matches(&key, part, template, count);
    }
    for (size_t i = 0; i < count; i++) {
        check_own(&key, part, template[i].type);
        free(template[i].pValue);
    }
    free(key.certificate);
    return 0;
}
