#include "evidence/internal.h"
#include "quote_parse.h"
#include "snp_parse.h"

/* A COSE_Sign1 begins with an array of four, tagged or not, in this or a longer form: what is not
 * canonical is refused by the parser, with a reason that says so. */
static bool like_sign1(zc_slice bytes)
{
    static const uint8_t starts[] = {0x84, 0x98, 0x99, 0x9a, 0x9b, 0x9f, 0xd2, 0xd8};
    return bytes.len > 0 && memchr(starts, bytes.data[0], sizeof starts) != NULL;
}

static unsigned u16le(const uint8_t *at)
{
    return (unsigned)(at[0] | at[1] << 8);
}

zc_evidence_kind zc_evidence_detect(zc_slice evidence)
{
    if (like_sign1(evidence)) {
        return ZC_EVIDENCE_NITRO;
    }
    if (evidence.len < 8) {
        return ZC_EVIDENCE_ANY;
    }
    unsigned version = u16le(evidence.data);
    unsigned next = u16le(evidence.data + 2);
    if (next == 0 && version >= 1 && version <= 16 && evidence.len >= ZC_SNP_REPORT_SIZE) {
        return ZC_EVIDENCE_SNP;
    }
    if (version >= 1 && version <= 16 && (next == 2 || next == 3)) {
        unsigned tee = u16le(evidence.data + 4) | u16le(evidence.data + 6) << 16;
        return version >= 4 && tee == ZC_QUOTE_TEE_TDX ? ZC_EVIDENCE_TDX : ZC_EVIDENCE_SGX;
    }
    return ZC_EVIDENCE_ANY;
}
