#include "codec/cbor.h"
#include "enclave/snapshot_parts.h"

#define REVIEW 6
#define DECISION 2

/* Those that people can still be shown: the others are stale. */
static bool is_kept(const zc_enclave *enclave, size_t place)
{
    const zc_review *review = &enclave->policy.reviews[place];
    return review->in_use &&
           memcmp(review->leaf, enclave->beside.review[place].leaf, sizeof review->leaf) == 0;
}

static zc_result put_reviews(const zc_enclave *enclave, zc_writer *out)
{
    size_t count = 0;
    for (size_t i = 0; i < ZC_REVIEWS_MAX; i++) {
        count += is_kept(enclave, i);
    }
    ZC_TRY(zc_cbor_put_array(out, REVIEW * count));
    for (size_t i = 0; i < ZC_REVIEWS_MAX; i++) {
        const zc_kept_review *kept = &enclave->beside.review[i];
        if (!is_kept(enclave, i)) {
            continue;
        }
        ZC_TRY(zc_cbor_put_uint(out, i));
        ZC_TRY(zc_cbor_put_bytes(out, ZC_SLICE_OF_ARRAY(kept->leaf)));
        ZC_TRY(zc_cbor_put_uint(out, kept->entry));
        ZC_TRY(zc_cbor_put_uint(out, kept->rule));
        ZC_TRY(zc_cbor_put_text(out, zc_slice_of_text(kept->key)));
        ZC_TRY(zc_cbor_put_bytes(out, zc_slice_of(kept->intent, kept->intent_len)));
    }
    return ZC_OK;
}

static zc_result get_review(zc_enclave *enclave, zc_reader *in)
{
    uint64_t place;
    uint64_t rule;
    zc_slice key;
    zc_slice intent;
    ZC_TRY(zc_cbor_get_uint_max(in, ZC_REVIEWS_MAX - 1, &place));
    zc_kept_review *kept = &enclave->beside.review[place];
    ZC_TRY(zc_cbor_get_fixed_bytes(in, kept->leaf, sizeof kept->leaf));
    ZC_TRY(zc_cbor_get_uint(in, &kept->entry));
    ZC_TRY(zc_cbor_get_uint_max(in, UINT16_MAX, &rule));
    ZC_TRY(zc_cbor_get_text(in, &key));
    ZC_TRY(zc_cbor_get_bytes(in, &intent));
    if (rule >= enclave->mission.rule_count || key.len >= sizeof kept->key ||
        intent.len > sizeof kept->intent) {
        return zc_fail(ZC_ENCLAVE_BAD_SNAPSHOT);
    }
    kept->rule = (uint16_t)rule;
    memcpy(kept->key, key.data, key.len);
    kept->key[key.len] = '\0';
    kept->intent_len = intent.len;
    memcpy(kept->intent, intent.data, intent.len);
    return ZC_OK;
}

static zc_result get_reviews(zc_enclave *enclave, zc_reader *in)
{
    size_t items;
    ZC_TRY(zc_cbor_get_array(in, (size_t)REVIEW * ZC_REVIEWS_MAX, &items));
    for (size_t i = 0; i + REVIEW <= items; i += REVIEW) {
        ZC_TRY(get_review(enclave, in));
    }
    return items % REVIEW == 0 ? ZC_OK : zc_fail(ZC_ENCLAVE_BAD_SNAPSHOT);
}

/* Of the reservations that there are, in the order of the engine's heap. */
static zc_result put_decisions(const zc_enclave *enclave, zc_writer *out)
{
    const zc_reservations *table = &enclave->policy.reservations;
    ZC_TRY(zc_cbor_put_array(out, (size_t)DECISION * table->count));
    for (size_t i = 0; i < table->count; i++) {
        ZC_TRY(zc_cbor_put_uint(out, table->heap[i].slot));
        ZC_TRY(zc_cbor_put_uint(out, enclave->beside.decision[table->heap[i].slot]));
    }
    return ZC_OK;
}

static zc_result get_decisions(zc_enclave *enclave, zc_reader *in)
{
    size_t items;
    ZC_TRY(zc_cbor_get_array(in, (size_t)DECISION * ZC_RESERVATIONS_MAX, &items));
    for (size_t i = 0; i + DECISION <= items; i += DECISION) {
        uint64_t place;
        ZC_TRY(zc_cbor_get_uint_max(in, ZC_RESERVATIONS_MAX - 1, &place));
        ZC_TRY(zc_cbor_get_uint(in, &enclave->beside.decision[place]));
    }
    return items % DECISION == 0 ? ZC_OK : zc_fail(ZC_ENCLAVE_BAD_SNAPSHOT);
}

zc_result zc_beside_write(const zc_enclave *enclave, zc_writer *writer)
{
    ZC_TRY(zc_cbor_put_array(writer, 2));
    ZC_TRY(put_reviews(enclave, writer));
    return put_decisions(enclave, writer);
}

zc_result zc_beside_read(zc_enclave *enclave, zc_reader *reader)
{
    size_t parts;
    ZC_TRY(zc_cbor_get_array(reader, 2, &parts));
    if (parts != 2) {
        return zc_fail(ZC_ENCLAVE_BAD_SNAPSHOT);
    }
    ZC_TRY(get_reviews(enclave, reader));
    return get_decisions(enclave, reader);
}
