#include "pck.h"

#include "crypto/der.h"

#define OID_SGX "1.2.840.113741.1.13.1"

/* 1.2.840.113741.1.13.1, as the content of an OBJECT IDENTIFIER; members add one arc or two. */
static const uint8_t sgx_oid[] = {0x2a, 0x86, 0x48, 0x86, 0xf8, 0x4d, 0x01, 0x0d, 0x01};
enum { ARC_TCB = 2, ARC_PCE_ID = 3, ARC_FMSPC = 4, ARC_PCE_SVN = 17 };
enum { SEEN_TCB = 1, SEEN_PCE_ID = 2, SEEN_FMSPC = 4, SEEN_ALL = 7 };
#define MEMBERS_MAX 16

/* SEQUENCE { OID, value }: the arcs behind `prefix`, and a reader at the value. */
static zc_result read_member(zc_reader *reader, zc_slice prefix, unsigned *ret_arc,
                             zc_reader *ret_value)
{
    zc_reader member;
    zc_slice oid;
    ZC_TRY(zc_der_enter(reader, ZC_DER_SEQUENCE, &member));
    ZC_TRY(zc_der_read(&member, ZC_DER_OID, &oid));
    if (oid.len != prefix.len + 1 || memcmp(oid.data, prefix.data, prefix.len) != 0) {
        return zc_fail(ZC_EVIDENCE_BAD_COLLATERAL);
    }
    *ret_arc = oid.data[prefix.len];
    *ret_value = member;
    return ZC_OK;
}

static zc_result read_tcb_number(zc_reader *value, unsigned arc, zc_pck *pck)
{
    uint8_t number[2];
    if (arc >= 1 && arc <= ZC_TCB_COMPONENTS) {
        ZC_TRY(zc_der_read_unsigned(value, &pck->component_svn[arc - 1], 1));
    } else if (arc == ARC_PCE_SVN) {
        ZC_TRY(zc_der_read_unsigned(value, number, sizeof number));
        pck->pce_svn = (uint16_t)(number[0] << 8 | number[1]);
    } else {
        return ZC_OK; /* the CPU's own form of the same numbers */
    }
    return zc_reader_end(value);
}

/* Every component and the PCE's number, each once. */
static zc_result read_tcb(zc_reader *value, zc_pck *pck)
{
    uint8_t prefix[sizeof sgx_oid + 1];
    uint32_t seen = 0;
    zc_reader list;
    memcpy(prefix, sgx_oid, sizeof sgx_oid);
    prefix[sizeof sgx_oid] = ARC_TCB;
    ZC_TRY(zc_der_enter(value, ZC_DER_SEQUENCE, &list));
    for (unsigned i = 0; zc_reader_left(&list) > 0; i++) {
        unsigned arc;
        zc_reader member;
        ZC_TRY(read_member(&list, ZC_SLICE_OF_ARRAY(prefix), &arc, &member));
        if (i > ARC_PCE_SVN || arc > 31 || (seen >> arc & 1) != 0) {
            return zc_fail(ZC_EVIDENCE_BAD_COLLATERAL);
        }
        seen |= UINT32_C(1) << arc;
        ZC_TRY(read_tcb_number(&member, arc, pck));
    }
    return (seen & 0x3fffe) == 0x3fffe ? ZC_OK : zc_fail(ZC_EVIDENCE_BAD_COLLATERAL);
}

static zc_result read_octets(zc_reader *value, uint8_t *ret_bytes, size_t len)
{
    zc_slice octets;
    ZC_TRY(zc_der_read(value, ZC_DER_OCTET_STRING, &octets));
    if (octets.len != len) {
        return zc_fail(ZC_EVIDENCE_BAD_COLLATERAL);
    }
    memcpy(ret_bytes, octets.data, len);
    return zc_reader_end(value);
}

static zc_result read_sgx(zc_slice extension, zc_pck *pck)
{
    zc_reader reader = zc_reader_of(extension);
    zc_reader list;
    unsigned seen = 0;
    ZC_TRY(zc_der_enter(&reader, ZC_DER_SEQUENCE, &list));
    ZC_TRY(zc_reader_end(&reader));
    for (unsigned i = 0; zc_reader_left(&list) > 0; i++) {
        unsigned arc;
        zc_reader member;
        ZC_TRY(read_member(&list, ZC_SLICE_OF_ARRAY(sgx_oid), &arc, &member));
        unsigned bit = arc == ARC_TCB      ? SEEN_TCB
                       : arc == ARC_PCE_ID ? SEEN_PCE_ID
                       : arc == ARC_FMSPC  ? SEEN_FMSPC
                                           : 0;
        if (i == MEMBERS_MAX || (seen & bit) != 0) {
            return zc_fail(ZC_EVIDENCE_BAD_COLLATERAL);
        }
        seen |= bit;
        if (bit == SEEN_TCB) {
            ZC_TRY(read_tcb(&member, pck));
        } else if (bit == SEEN_PCE_ID) {
            ZC_TRY(read_octets(&member, pck->pce_id, sizeof pck->pce_id));
        } else if (bit == SEEN_FMSPC) {
            ZC_TRY(read_octets(&member, pck->fmspc, sizeof pck->fmspc));
        }
    }
    return seen == SEEN_ALL ? ZC_OK : zc_fail(ZC_EVIDENCE_BAD_COLLATERAL);
}

bool zc_pck_is(X509 *certificate)
{
    zc_slice extension;
    return zc_certificate_extension(certificate, OID_SGX, &extension);
}

zc_result zc_pck_read(X509 *certificate, zc_pck *ret_pck)
{
    zc_pck pck = {0};
    zc_slice extension;
    if (!zc_certificate_extension(certificate, OID_SGX, &extension) ||
        !zc_ok(read_sgx(extension, &pck))) {
        return zc_fail(ZC_EVIDENCE_BAD_COLLATERAL);
    }
    *ret_pck = pck;
    return ZC_OK;
}
