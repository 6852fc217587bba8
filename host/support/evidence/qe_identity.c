#include "tcb.h"

#define LEVELS_MAX 64

static void put_u32le(uint32_t value, uint8_t ret_bytes[static 4])
{
    for (unsigned i = 0; i < 4; i++) {
        ret_bytes[i] = (uint8_t)(value >> 8 * i);
    }
}

static bool identity_fits(const json_t *identity, const zc_sgx_report *qe)
{
    uint8_t select[4];
    uint8_t select_mask[4];
    uint8_t attributes[16];
    uint8_t attributes_mask[16];
    uint8_t signer[32];
    uint8_t found[4];
    uint8_t wanted[4];
    unsigned product;
    /* The selection is a number, written with its high byte first. */
    put_u32le(qe->misc_select, found);
    for (unsigned i = 0; i < 4; i++) {
        wanted[i] = found[3 - i];
    }
    return zc_tcb_hex(identity, "miscselect", select, sizeof select) &&
           zc_tcb_hex(identity, "miscselectMask", select_mask, sizeof select_mask) &&
           zc_tcb_hex(identity, "attributes", attributes, sizeof attributes) &&
           zc_tcb_hex(identity, "attributesMask", attributes_mask, sizeof attributes_mask) &&
           zc_tcb_hex(identity, "mrsigner", signer, sizeof signer) &&
           zc_tcb_number(identity, "isvprodid", UINT16_MAX, &product) &&
           zc_tcb_masked(wanted, select_mask, select, sizeof select) &&
           zc_tcb_masked(qe->attributes.data, attributes_mask, attributes, sizeof attributes) &&
           memcmp(signer, qe->mr_signer.data, sizeof signer) == 0 && product == qe->isv_prod_id;
}

zc_result zc_qe_identity_rate(const json_t *identity, const zc_sgx_report *qe,
                              zc_rating *ret_rating)
{
    const json_t *levels = json_object_get(identity, "tcbLevels");
    size_t count = json_array_size(levels);
    if (!identity_fits(identity, qe)) {
        return zc_fail(ZC_EVIDENCE_WRONG_QE);
    }
    if (count == 0 || count > LEVELS_MAX) {
        return zc_fail(ZC_EVIDENCE_BAD_COLLATERAL);
    }
    for (size_t i = 0; i < count; i++) {
        const json_t *level = json_array_get(levels, i);
        unsigned wanted;
        if (!zc_tcb_number(json_object_get(level, "tcb"), "isvsvn", UINT16_MAX, &wanted)) {
            return zc_fail(ZC_EVIDENCE_BAD_COLLATERAL);
        }
        if (qe->isv_svn >= wanted) {
            return zc_rating_read(level, ret_rating);
        }
    }
    return zc_fail(ZC_EVIDENCE_BELOW_EVERY_LEVEL);
}
