/* The module's time: the timestamp of a document that it makes now. */
#include "nitro/nitro.h"

#include "attest/nsm.h"
#include "codec/cbor.h"

/* A document's payload has nine fields; others may follow one day. */
#define FIELDS_MAX 32
/* Milliseconds of the year 2200: beyond it the clock is broken. */
#define LATEST_MS UINT64_C(7258118400000)

/* The payload of a COSE_Sign1. Nobody's signature is checked: the hypervisor itself hands the
 * document to us, and signs nothing in an emulated Nitro. */
static zc_result find_payload(zc_slice document, zc_slice *ret_payload)
{
    zc_reader reader = zc_reader_of(document);
    zc_cbor_type type;
    zc_cbor_container message;
    zc_slice skipped;
    uint64_t tag;
    ZC_TRY(zc_cbor_peek_type(&reader, &type));
    if (type == ZC_CBOR_TAG) {
        ZC_TRY(zc_cbor_get_tag(&reader, &tag));
    }
    ZC_TRY(zc_cbor_enter_array_any(&reader, &message));
    ZC_TRY(zc_cbor_get_bytes(&reader, &skipped));
    ZC_TRY(zc_cbor_skip(&reader));
    return zc_cbor_get_bytes(&reader, ret_payload);
}

static zc_result find_timestamp(zc_slice payload, uint64_t *ret_ms)
{
    zc_reader reader = zc_reader_of(payload);
    zc_cbor_container map;
    ZC_TRY(zc_cbor_enter_map_any(&reader, &map));
    for (size_t i = 0; i < FIELDS_MAX; i++) {
        bool more;
        zc_slice key;
        ZC_TRY(zc_cbor_container_next(&reader, &map, &more));
        if (!more) {
            break;
        }
        ZC_TRY(zc_cbor_get_text(&reader, &key));
        if (zc_slice_eq_text(key, "timestamp")) {
            zc_cbor_head head;
            ZC_TRY(zc_cbor_get_head_any(&reader, &head));
            if (head.type != ZC_CBOR_UINT || head.value == 0 || head.value > LATEST_MS) {
                break;
            }
            *ret_ms = head.value;
            return ZC_OK;
        }
        ZC_TRY(zc_cbor_skip(&reader));
    }
    return zc_fail(ZC_PLATFORM_NO_CLOCK);
}

static zc_result read_time(int nsm_fd, uint64_t *ret_ms)
{
    uint8_t request[64];
    uint8_t response[ZC_NSM_RESPONSE_MAX];
    const zc_nsm_field none = {.present = false};
    zc_writer writer = ZC_WRITER_OF_ARRAY(request);
    zc_slice document;
    zc_slice payload;
    size_t len;
    ZC_TRY(zc_nsm_request_attestation(&writer, none, none, none));
    ZC_TRY(zc_nitro_request(nsm_fd, zc_writer_written(&writer),
                            (zc_buffer){.data = response, .len = sizeof response}, &len));
    ZC_TRY(zc_nsm_response_document(zc_slice_of(response, len), &document));
    ZC_TRY(find_payload(document, &payload));
    return find_timestamp(payload, ret_ms);
}

zc_result zc_nitro_document_time(int nsm_fd, int64_t *ret_ms)
{
    uint64_t ms;
    if (!zc_ok(read_time(nsm_fd, &ms))) {
        return zc_fail(ZC_PLATFORM_NO_CLOCK);
    }
    *ret_ms = (int64_t)ms;
    return ZC_OK;
}
