#include "base/ct.h"
#include "base/hex.h"
#include "codec/base64.h"
#include "codec/cbor.h"
#include "compose/venue.h"

/* What goes into the holes, and who fills those of the venue's own. */
typedef struct zc_filling {
    const zc_composition *composition;
    const zc_slice *signatures;
    const zc_compose_passphrase *passphrase;
} zc_filling;

/* A part of the request with its holes filled. It may hold the passphrase: wiped by its owner. */
typedef struct zc_filled {
    size_t len;
    uint8_t byte[ZC_COMPOSE_TEXT_MAX + 2048];
} zc_filled;

static void wipe_filled(zc_filled *text)
{
    zc_wipe(text, sizeof(*text));
}

#define FILLED __attribute__((cleanup(wipe_filled)))

static size_t signature_len(zc_compose_scheme scheme)
{
    switch (scheme) {
    case ZC_COMPOSE_HMAC_SHA256:
        return 32;
    case ZC_COMPOSE_HMAC_SHA512:
    case ZC_COMPOSE_ED25519:
    case ZC_COMPOSE_ECDSA_SHA256:
        return 64;
    case ZC_COMPOSE_ECDSA_KECCAK256:
        return 65;
    case ZC_COMPOSE_RSA_PKCS1_SHA256:
        break;
    }
    return 0;
}

static bool is_signature(zc_compose_scheme scheme, zc_slice signature)
{
    if (scheme == ZC_COMPOSE_RSA_PKCS1_SHA256) {
        return signature.len >= 256 && signature.len <= ZC_COMPOSE_MAX_SIGNATURE;
    }
    return signature.len != 0 && signature.len == signature_len(scheme);
}

static bool is_passphrase(const zc_compose_passphrase *passphrase)
{
    if (passphrase == NULL || passphrase->len == 0 || passphrase->len > ZC_COMPOSE_MAX_PASSPHRASE) {
        return false;
    }
    /* A header's value: anything else could begin another header. The verdict is public, and does
     * not depend on where the odd character is. */
    uint8_t odd = 0;
    for (size_t i = 0; i < passphrase->len; i++) {
        uint8_t c = passphrase->byte[i];
        odd |= (uint8_t)(((unsigned)c - 0x20u) >> 8 | (0x7eu - (unsigned)c) >> 8);
    }
    /* Only whether it is one at all: a refused passphrase is of no use to anybody. */
    zc_ct_public(&odd, sizeof(odd));
    return odd == 0;
}

static zc_result check_given(const zc_filling *filling)
{
    const zc_composition *composition = filling->composition;
    for (size_t i = 0; i < composition->signing_count; i++) {
        if (!is_signature(composition->signings[i].scheme, filling->signatures[i])) {
            return zc_fail(ZC_COMPOSE_SIGNATURE);
        }
    }
    if (composition->needs_passphrase && !is_passphrase(filling->passphrase)) {
        return zc_fail(ZC_COMPOSE_PASSPHRASE_MISSING);
    }
    return ZC_OK;
}

static zc_result write_base64_percent(zc_writer *writer, zc_slice bytes)
{
    uint8_t text[ZC_BASE64_LEN(ZC_COMPOSE_MAX_SIGNATURE)];
    zc_writer base64 = ZC_WRITER_OF_ARRAY(text);
    ZC_TRY(zc_write_base64(&base64, bytes));
    return zc_compose_write_percent(writer, zc_writer_written(&base64));
}

static zc_result fill(const zc_filling *filling, const zc_compose_hole *hole, zc_writer *writer)
{
    if (hole->of == ZC_COMPOSE_OF_PASSPHRASE) {
        return zc_write_slice(writer,
                              zc_slice_of(filling->passphrase->byte, filling->passphrase->len));
    }
    if (hole->of >= filling->composition->signing_count) {
        return zc_fail(ZC_COMPOSE_SIGNATURE);
    }
    zc_slice signature = filling->signatures[hole->of];
    const zc_compose_venue *venue = zc_compose_venue_of(filling->composition->venue);
    switch (hole->encoding) {
    case ZC_COMPOSE_HEX:
        return zc_write_hex(writer, signature);
    case ZC_COMPOSE_BASE64:
        return zc_write_base64(writer, signature);
    case ZC_COMPOSE_BASE64_PERCENT:
        return write_base64_percent(writer, signature);
    case ZC_COMPOSE_BASE64_URL:
        return zc_compose_write_base64_url(writer, signature);
    case ZC_COMPOSE_OWN:
        if (venue != NULL && venue->write_own != NULL) {
            return venue->write_own(filling->composition, hole, signature, writer);
        }
        break;
    case ZC_COMPOSE_PLAIN:
        break;
    }
    return zc_fail(ZC_COMPOSE_SIGNATURE);
}

static zc_result fill_text(const zc_filling *filling, zc_compose_part part, size_t header,
                           zc_slice text, zc_filled *ret_filled)
{
    zc_writer writer = ZC_WRITER_OF_ARRAY(ret_filled->byte);
    size_t done = 0;
    for (size_t i = 0; i < filling->composition->hole_count; i++) {
        const zc_compose_hole *hole = &filling->composition->holes[i];
        if (hole->part != part || (part == ZC_COMPOSE_HEADER && hole->header != header)) {
            continue;
        }
        ZC_TRY(zc_write_slice(&writer, zc_slice_of(text.data + done, hole->at - done)));
        ZC_TRY(fill(filling, hole, &writer));
        done = hole->at;
    }
    ZC_TRY(zc_write_slice(&writer, zc_slice_of(text.data + done, text.len - done)));
    ret_filled->len = zc_writer_len(&writer);
    return ZC_OK;
}

static zc_result put_filled(const zc_filling *filling, zc_compose_part part, size_t header,
                            zc_slice text, zc_writer *writer)
{
    FILLED zc_filled filled;
    ZC_TRY(fill_text(filling, part, header, text, &filled));
    zc_slice bytes = zc_slice_of(filled.byte, filled.len);
    return part == ZC_COMPOSE_BODY ? zc_cbor_put_bytes(writer, bytes)
                                   : zc_cbor_put_text(writer, bytes);
}

static zc_result put_headers(const zc_filling *filling, zc_writer *writer)
{
    const zc_composition *composition = filling->composition;
    ZC_TRY(zc_cbor_put_array(writer, composition->header_count));
    for (size_t i = 0; i < composition->header_count; i++) {
        const zc_compose_header *header = &composition->headers[i];
        ZC_TRY(zc_cbor_put_array(writer, 2));
        ZC_TRY(zc_cbor_put_text(writer, zc_slice_of_text(header->name)));
        ZC_TRY(put_filled(filling, ZC_COMPOSE_HEADER, i,
                          zc_slice_of(composition->values.byte + header->at, header->len), writer));
    }
    return ZC_OK;
}

static zc_result put_request(const zc_filling *filling, zc_writer *writer)
{
    const zc_composition *composition = filling->composition;
    ZC_TRY(zc_cbor_put_map(writer, 4));
    ZC_TRY(zc_cbor_put_uint(writer, 1));
    ZC_TRY(zc_cbor_put_text(writer, zc_slice_of_text(zc_compose_method_name(composition->method))));
    ZC_TRY(zc_cbor_put_uint(writer, 2));
    ZC_TRY(
        put_filled(filling, ZC_COMPOSE_PATH, 0, zc_compose_text_slice(&composition->path), writer));
    ZC_TRY(zc_cbor_put_uint(writer, 3));
    ZC_TRY(put_headers(filling, writer));
    ZC_TRY(zc_cbor_put_uint(writer, 4));
    return put_filled(filling, ZC_COMPOSE_BODY, 0, zc_compose_text_slice(&composition->body),
                      writer);
}

zc_result zc_compose_finish(const zc_composition *composition,
                            const zc_slice signatures[static ZC_COMPOSE_MAX_SIGNINGS],
                            const zc_compose_passphrase *passphrase, zc_writer *writer)
{
    const zc_filling filling = {composition, signatures, passphrase};
    zc_writer trial = *writer;
    ZC_TRY(check_given(&filling));
    zc_result result = put_request(&filling, &trial);
    if (!zc_ok(result)) {
        /* What was written so far may hold the passphrase. */
        zc_wipe(writer->at, (size_t)(trial.at - writer->at));
        return result;
    }
    *writer = trial;
    return ZC_OK;
}
