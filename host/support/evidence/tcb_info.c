#include <stdio.h>

#include "tcb.h"

#define LEVELS_MAX 64

/* Whether every component of the platform is at least what the level asks, from `first` on. */
static zc_result components_reach(const json_t *list, const uint8_t *platform, size_t first,
                                  bool *ret_reach)
{
    bool reach = true;
    if (json_array_size(list) != ZC_TCB_COMPONENTS) {
        return zc_fail(ZC_EVIDENCE_BAD_COLLATERAL);
    }
    for (size_t i = 0; i < ZC_TCB_COMPONENTS; i++) {
        unsigned svn;
        if (!zc_tcb_number(json_array_get(list, i), "svn", UINT8_MAX, &svn)) {
            return zc_fail(ZC_EVIDENCE_BAD_COLLATERAL);
        }
        reach = reach && (i < first || platform[i] >= svn);
    }
    *ret_reach = reach;
    return ZC_OK;
}

static zc_result level_reached(const json_t *level, const zc_pck *pck, const zc_td_report *td,
                               bool *ret_reached)
{
    const json_t *tcb = json_object_get(level, "tcb");
    unsigned pce_svn;
    bool reached;
    if (!zc_tcb_number(tcb, "pcesvn", UINT16_MAX, &pce_svn)) {
        return zc_fail(ZC_EVIDENCE_BAD_COLLATERAL);
    }
    ZC_TRY(components_reach(json_object_get(tcb, "sgxtcbcomponents"), pck->component_svn, 0,
                            &reached));
    reached = reached && pck->pce_svn >= pce_svn;
    if (td != NULL) {
        /* Since TDX 1.5 the first two are the module's own, and rated with it. */
        bool td_reached;
        ZC_TRY(components_reach(json_object_get(tcb, "tdxtcbcomponents"), td->tee_tcb_svn.data,
                                td->tee_tcb_svn.data[1] == 0 ? 0 : 2, &td_reached));
        reached = reached && td_reached;
    }
    *ret_reached = reached;
    return ZC_OK;
}

static zc_result rate_platform(const json_t *info, const zc_pck *pck, const zc_td_report *td,
                               zc_rating *ret_rating)
{
    const json_t *levels = json_object_get(info, "tcbLevels");
    size_t count = json_array_size(levels);
    if (count == 0 || count > LEVELS_MAX) {
        return zc_fail(ZC_EVIDENCE_BAD_COLLATERAL);
    }
    for (size_t i = 0; i < count; i++) {
        const json_t *level = json_array_get(levels, i);
        bool reached;
        ZC_TRY(level_reached(level, pck, td, &reached));
        if (reached) {
            return zc_rating_read(level, ret_rating);
        }
    }
    return zc_fail(ZC_EVIDENCE_BELOW_EVERY_LEVEL);
}

static bool module_fits(const json_t *module, const zc_td_report *td)
{
    uint8_t signer[48];
    uint8_t attributes[8];
    uint8_t mask[8];
    return zc_tcb_hex(module, "mrsigner", signer, sizeof signer) &&
           zc_tcb_hex(module, "attributes", attributes, sizeof attributes) &&
           zc_tcb_hex(module, "attributesMask", mask, sizeof mask) &&
           memcmp(signer, td->mr_signer_seam.data, sizeof signer) == 0 &&
           zc_tcb_masked(td->seam_attributes.data, mask, attributes, sizeof mask);
}

static const json_t *find_module(const json_t *info, unsigned version)
{
    char id[16];
    size_t i;
    json_t *module;
    (void)snprintf(id, sizeof id, "TDX_%02X", version);
    json_array_foreach(json_object_get(info, "tdxModuleIdentities"), i, module)
    {
        const char *name = json_string_value(json_object_get(module, "id"));
        if (name != NULL && strcasecmp(name, id) == 0) {
            return module;
        }
    }
    return NULL;
}

static zc_result rate_module(const json_t *info, const zc_td_report *td, zc_rating *rating)
{
    unsigned svn = td->tee_tcb_svn.data[0];
    unsigned version = td->tee_tcb_svn.data[1];
    if (version == 0) {
        return module_fits(json_object_get(info, "tdxModule"), td)
                   ? ZC_OK
                   : zc_fail(ZC_EVIDENCE_WRONG_TDX_MODULE);
    }
    const json_t *module = find_module(info, version);
    const json_t *levels = json_object_get(module, "tcbLevels");
    if (module == NULL || !module_fits(module, td) || json_array_size(levels) > LEVELS_MAX) {
        return zc_fail(ZC_EVIDENCE_WRONG_TDX_MODULE);
    }
    for (size_t i = 0; i < json_array_size(levels); i++) {
        const json_t *level = json_array_get(levels, i);
        unsigned wanted;
        if (!zc_tcb_number(json_object_get(level, "tcb"), "isvsvn", UINT16_MAX, &wanted)) {
            return zc_fail(ZC_EVIDENCE_BAD_COLLATERAL);
        }
        if (svn >= wanted) {
            zc_rating part;
            ZC_TRY(zc_rating_read(level, &part));
            zc_rating_merge(rating, &part);
            return ZC_OK;
        }
    }
    return zc_fail(ZC_EVIDENCE_WRONG_TDX_MODULE);
}

zc_result zc_tcb_info_rate(const json_t *info, const zc_pck *pck, const zc_td_report *td,
                           zc_rating *ret_rating)
{
    uint8_t fmspc[6];
    uint8_t pce_id[2];
    zc_rating rating;
    if (!zc_tcb_hex(info, "fmspc", fmspc, sizeof fmspc) ||
        !zc_tcb_hex(info, "pceId", pce_id, sizeof pce_id)) {
        return zc_fail(ZC_EVIDENCE_BAD_COLLATERAL);
    }
    if (memcmp(fmspc, pck->fmspc, sizeof fmspc) != 0 ||
        memcmp(pce_id, pck->pce_id, sizeof pce_id) != 0) {
        return zc_fail(ZC_EVIDENCE_WRONG_PLATFORM);
    }
    ZC_TRY(rate_platform(info, pck, td, &rating));
    if (td != NULL) {
        ZC_TRY(rate_module(info, td, &rating));
    }
    *ret_rating = rating;
    return ZC_OK;
}
