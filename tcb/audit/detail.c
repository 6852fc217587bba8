#include "audit/detail.h"

#include <string.h>

#include "audit/change.h"
#include "base/reader.h"
#include "codec/cbor.h"

#define PAIR 2
#define MODE_REDUCE_ONLY 1
#define MODE_HALTED 2

zc_slice zc_audit_halt_pass(void)
{
    static const uint8_t one[1] = {0x01};
    return ZC_SLICE_OF_ARRAY(one);
}

bool zc_audit_passes_halt(const zc_audit_entry *entry)
{
    return entry->decision == ZC_AUDIT_ALLOW && entry->detail.len > 0;
}

static zc_result put_pair(zc_writer *writer, uint64_t first, uint64_t second)
{
    zc_writer out = *writer;
    ZC_TRY(zc_cbor_put_array(&out, PAIR));
    ZC_TRY(zc_cbor_put_uint(&out, first));
    ZC_TRY(zc_cbor_put_uint(&out, second));
    *writer = out;
    return ZC_OK;
}

static zc_result get_pair(zc_slice detail, uint64_t ret_pair[static PAIR])
{
    zc_reader in = zc_reader_of(detail);
    size_t count;
    uint64_t pair[PAIR];
    ZC_TRY(zc_cbor_get_array(&in, PAIR, &count));
    if (count != PAIR) {
        return zc_fail(ZC_AUDIT_BAD_SHAPE);
    }
    ZC_TRY(zc_cbor_get_uint(&in, &pair[0]));
    ZC_TRY(zc_cbor_get_uint(&in, &pair[1]));
    ZC_TRY(zc_reader_end(&in));
    ret_pair[0] = pair[0];
    ret_pair[1] = pair[1];
    return ZC_OK;
}

zc_result zc_audit_trip_write(const zc_audit_trip *trip, zc_writer *writer)
{
    return put_pair(writer, trip->mode, trip->breaker);
}

zc_result zc_audit_trip_read(zc_slice detail, zc_audit_trip *ret_trip)
{
    uint64_t pair[PAIR];
    ZC_TRY(get_pair(detail, pair));
    bool known = pair[0] == MODE_REDUCE_ONLY || pair[0] == MODE_HALTED;
    if (!known || pair[1] > UINT16_MAX) {
        return zc_fail(ZC_AUDIT_BAD_SHAPE);
    }
    *ret_trip = (zc_audit_trip){.mode = (uint8_t)pair[0], .breaker = (uint16_t)pair[1]};
    return ZC_OK;
}

zc_result zc_audit_settlement_write(const zc_audit_settlement *settlement, zc_writer *writer)
{
    return put_pair(writer, settlement->decision, settlement->feed);
}

zc_result zc_audit_settlement_read(zc_slice detail, zc_audit_settlement *ret_settlement)
{
    uint64_t pair[PAIR];
    ZC_TRY(get_pair(detail, pair));
    if (pair[0] >= pair[1]) {
        return zc_fail(ZC_AUDIT_BAD_SHAPE);
    }
    *ret_settlement = (zc_audit_settlement){.decision = pair[0], .feed = pair[1]};
    return ZC_OK;
}

static bool decision_fits(const zc_audit_entry *entry)
{
    return entry->detail.len == 0 ||
           (entry->decision == ZC_AUDIT_ALLOW && zc_slice_eq(entry->detail, zc_audit_halt_pass()));
}

static bool settlement_fits(const zc_audit_entry *entry)
{
    zc_audit_settlement settlement;
    return zc_ok(zc_audit_settlement_read(entry->detail, &settlement)) &&
           settlement.feed < entry->sequence;
}

/* What follows from the entry itself: its digest, and its mission. */
static bool change_fits(const zc_audit_entry *entry)
{
    zc_audit_change change;
    if (!zc_ok(zc_audit_change_read(entry->detail, &change)) || !entry->has_digest) {
        return false;
    }
    bool names = change.step == ZC_AUDIT_CHANGE_BEGIN || change.step == ZC_AUDIT_CHANGE_ACTIVATE;
    bool earlier = change.step == ZC_AUDIT_CHANGE_BEGIN || change.begun < entry->sequence;
    return earlier && (!names || (memcmp(change.from, entry->mission, sizeof change.from) == 0 &&
                                  memcmp(change.to, entry->digest, sizeof change.to) == 0));
}

zc_result zc_audit_detail_check(const zc_audit_entry *entry)
{
    zc_audit_trip trip;
    bool fits = true;
    if (entry->kind == ZC_AUDIT_DECISION) {
        fits = decision_fits(entry);
    } else if (entry->kind == ZC_AUDIT_TRIP) {
        fits = zc_ok(zc_audit_trip_read(entry->detail, &trip));
    } else if (entry->kind == ZC_AUDIT_SETTLEMENT) {
        fits = settlement_fits(entry);
    } else if (entry->kind == ZC_AUDIT_MISSION) {
        fits = change_fits(entry);
    }
    return fits ? ZC_OK : zc_fail(ZC_AUDIT_BAD_SHAPE);
}

bool zc_audit_halts_after(const zc_audit_entry *entry, bool halted)
{
    zc_audit_trip trip;
    switch (entry->kind) {
    case ZC_AUDIT_HALT:
    case ZC_AUDIT_LOST_TAIL:
        return true;
    case ZC_AUDIT_RESUME:
        return false;
    case ZC_AUDIT_TRIP:
        return halted ||
               (zc_ok(zc_audit_trip_read(entry->detail, &trip)) && trip.mode == MODE_HALTED);
    default:
        return halted;
    }
}
