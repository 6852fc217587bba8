/* A change that is under way, in a snapshot. */
#include <string.h>

#include "base/reader.h"
#include "codec/cbor.h"
#include "enclave/change/pending.h"
#include "enclave/reasons.h"

#define ITEMS 5
#define VOTE_ITEMS 3

static zc_result put_votes(const zc_change *change, zc_writer *out)
{
    size_t votes = (size_t)__builtin_popcountll(change->signed_by);
    ZC_TRY(zc_cbor_put_array(out, VOTE_ITEMS * votes));
    for (size_t i = 0; i < ZC_MISSION_MAX_PRINCIPALS; i++) {
        if ((change->signed_by >> i & 1) != 0) {
            ZC_TRY(zc_cbor_put_uint(out, i));
            ZC_TRY(zc_cbor_put_uint(out, (uint64_t)change->vote[i].expires_ms));
            ZC_TRY(zc_cbor_put_bytes(out, ZC_SLICE_OF_ARRAY(change->vote[i].signature)));
        }
    }
    return ZC_OK;
}

zc_result zc_change_write(const zc_change *change, zc_writer *writer)
{
    zc_writer out = *writer;
    ZC_TRY(zc_cbor_put_array(&out, change->begun ? ITEMS : 0));
    if (change->begun) {
        ZC_TRY(zc_cbor_put_uint(&out, change->entry));
        ZC_TRY(zc_cbor_put_bytes(&out, ZC_SLICE_OF_ARRAY(change->to)));
        ZC_TRY(zc_cbor_put_uint(&out, (uint64_t)change->earliest_ms));
        ZC_TRY(zc_cbor_put_uint(&out, (uint64_t)change->expires_ms));
        ZC_TRY(put_votes(change, &out));
    }
    *writer = out;
    return ZC_OK;
}

static zc_result get_time(zc_reader *in, int64_t *ret_ms)
{
    uint64_t time = 0;
    ZC_TRY(zc_cbor_get_uint_max(in, INT64_MAX, &time));
    *ret_ms = (int64_t)time;
    return ZC_OK;
}

static zc_result get_votes(zc_reader *in, zc_change *change)
{
    size_t items = 0;
    ZC_TRY(zc_cbor_get_array(in, (size_t)VOTE_ITEMS * ZC_MISSION_MAX_PRINCIPALS, &items));
    for (size_t i = 0; i + VOTE_ITEMS <= items; i += VOTE_ITEMS) {
        uint64_t who = 0;
        ZC_TRY(zc_cbor_get_uint_max(in, ZC_MISSION_MAX_PRINCIPALS - 1, &who));
        zc_change_vote *vote = &change->vote[who];
        ZC_TRY(get_time(in, &vote->expires_ms));
        ZC_TRY(zc_cbor_get_fixed_bytes(in, vote->signature, sizeof vote->signature));
        change->signed_by |= UINT64_C(1) << who;
    }
    return items % VOTE_ITEMS == 0 ? ZC_OK : zc_fail(ZC_ENCLAVE_BAD_SNAPSHOT);
}

zc_result zc_change_read(zc_reader *reader, zc_change *ret_change)
{
    zc_reader in = *reader;
    zc_change change = {0};
    size_t items = 0;
    ZC_TRY(zc_cbor_get_array(&in, ITEMS, &items));
    if (items != 0 && items != ITEMS) {
        return zc_fail(ZC_ENCLAVE_BAD_SNAPSHOT);
    }
    if (items == ITEMS) {
        change.begun = true;
        ZC_TRY(zc_cbor_get_uint(&in, &change.entry));
        ZC_TRY(zc_cbor_get_fixed_bytes(&in, change.to, sizeof change.to));
        ZC_TRY(get_time(&in, &change.earliest_ms));
        ZC_TRY(get_time(&in, &change.expires_ms));
        ZC_TRY(get_votes(&in, &change));
    }
    *reader = in;
    *ret_change = change;
    return ZC_OK;
}
