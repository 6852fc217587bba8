#include "keys/holder.h"

#include <string.h>

#include "base/ct.h"
#include "crypto/der.h"
#include "crypto/hash.h"

void zc_venue_secret_clear(zc_venue_secret *secret)
{
    if (secret->kind == ZC_KEY_KIND_RSA) {
        zc_rsa_key_clear(&secret->key.rsa);
    }
    zc_wipe(secret, sizeof *secret);
}

zc_key_public zc_key_public_of(const zc_pubkey *public_key)
{
    zc_key_public part = {.kind = (zc_key_kind)public_key->curve, .len = public_key->len};
    memcpy(part.byte, public_key->byte, public_key->len);
    return part;
}

static bool stands_alone(zc_key_kind kind)
{
    return zc_key_kind_is_known(kind) && !zc_key_kind_has_curve(kind);
}

zc_key_public zc_key_holder_public(const zc_key_holder *holder)
{
    const zc_venue_secret *venue = holder->venue;
    if (venue == NULL || !stands_alone(venue->kind)) {
        return zc_key_public_of(&holder->signer->pubkey);
    }
    zc_key_public part = {.kind = venue->kind, .len = sizeof venue->identity};
    memcpy(part.byte, venue->identity, sizeof venue->identity);
    return part;
}

bool zc_key_public_eq(const zc_key_public *a, const zc_key_public *b)
{
    return a->kind == b->kind && zc_slice_eq(zc_key_public_slice(a), zc_key_public_slice(b));
}

/* SubjectPublicKeyInfo (RFC 5280 §4.1.2.7, RFC 3279 §2.3.1), hashed: what `openssl pkey -pubout
 * -outform DER` gives. */
static zc_result rsa_identity(const zc_rsa_public *public_key, uint8_t ret_identity[static 32])
{
    static const uint8_t algorithm[] = {0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86,
                                        0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00};
    uint8_t number_bytes[ZC_RSA_MAX_SIGNATURE + 16];
    uint8_t key_bytes[ZC_RSA_MAX_SIGNATURE + 24];
    uint8_t info_bytes[ZC_RSA_MAX_SIGNATURE + 64];
    uint8_t whole_bytes[ZC_RSA_MAX_SIGNATURE + 72];
    const uint8_t exponent[4] = {
        (uint8_t)(public_key->exponent >> 24), (uint8_t)(public_key->exponent >> 16),
        (uint8_t)(public_key->exponent >> 8), (uint8_t)public_key->exponent};
    zc_writer numbers = ZC_WRITER_OF_ARRAY(number_bytes);
    zc_writer key = ZC_WRITER_OF_ARRAY(key_bytes);
    zc_writer info = ZC_WRITER_OF_ARRAY(info_bytes);
    zc_writer whole = ZC_WRITER_OF_ARRAY(whole_bytes);
    ZC_TRY(zc_der_write_unsigned(&numbers, zc_slice_of(public_key->modulus, public_key->len)));
    ZC_TRY(zc_der_write_unsigned(&numbers, ZC_SLICE_OF_ARRAY(exponent)));
    ZC_TRY(zc_write_u8(&key, 0)); /* bits left over in the bit string */
    ZC_TRY(zc_der_write(&key, ZC_DER_SEQUENCE, zc_writer_written(&numbers)));
    ZC_TRY(zc_write_slice(&info, ZC_SLICE_OF_ARRAY(algorithm)));
    ZC_TRY(zc_der_write(&info, ZC_DER_BIT_STRING, zc_writer_written(&key)));
    ZC_TRY(zc_der_write(&whole, ZC_DER_SEQUENCE, zc_writer_written(&info)));
    zc_sha256(zc_writer_written(&whole), ret_identity);
    return ZC_OK;
}

static zc_result take_curve(const zc_key_material *material, const zc_key_public *known,
                            zc_signer *ret_signer)
{
    const zc_secret32 *scalar = &material->secret.scalar;
    if (known == NULL) {
        return zc_signer_init(ret_signer, (zc_curve)material->kind, scalar);
    }
    zc_pubkey public_key = {.curve = (zc_curve)material->kind, .len = known->len};
    memcpy(public_key.byte, known->byte, known->len);
    return zc_signer_restore(ret_signer, &public_key, scalar);
}

static zc_result take_secret(const zc_key_material *material, const zc_key_public *known,
                             zc_key_holder *holder)
{
    zc_venue_secret *venue = holder->venue;
    if (zc_key_kind_has_curve(material->kind)) {
        return take_curve(material, known, holder->signer);
    }
    if (zc_key_kind_is_mac(material->kind)) {
        ZC_TRY(zc_mac_key_init(&venue->key.mac, material->kind, &material->secret.mac));
        return zc_mac_identity(&material->secret.mac, venue->identity);
    }
    ZC_TRY(zc_rsa_key_init(&venue->key.rsa, &material->secret.rsa));
    venue->kind = ZC_KEY_KIND_RSA; /* from here on there is something to free */
    return rsa_identity(&venue->key.rsa.public, venue->identity);
}

static zc_result take(const zc_key_material *material, const zc_key_public *known,
                      zc_key_holder *holder)
{
    const bool needs_venue = stands_alone(material->kind) || material->passphrase.len > 0;
    if (!zc_key_kind_is_known(material->kind)) {
        return zc_fail(ZC_KEYS_BAD_MATERIAL);
    }
    if (needs_venue && holder->venue == NULL) {
        return zc_fail(ZC_KEYS_VENUE_FULL);
    }
    zc_result taken = take_secret(material, known, holder);
    if (!zc_ok(taken)) {
        zc_key_holder_clear(holder);
        return taken;
    }
    if (needs_venue) {
        holder->venue->kind = material->kind;
        holder->venue->passphrase = material->passphrase;
    }
    return ZC_OK;
}

zc_result zc_key_holder_take(const zc_key_material *material, zc_key_holder *holder)
{
    return take(material, NULL, holder);
}

zc_result zc_key_holder_restore(const zc_key_material *material, const zc_key_public *public_part,
                                zc_key_holder *holder)
{
    return zc_key_kind_has_curve(material->kind) && public_part->kind == material->kind
               ? take(material, public_part, holder)
               : zc_fail(ZC_KEYS_BAD_MATERIAL);
}

void zc_key_holder_clear(zc_key_holder *holder)
{
    zc_signer_clear(holder->signer);
    if (holder->venue != NULL) {
        zc_venue_secret_clear(holder->venue);
    }
}
