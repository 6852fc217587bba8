#include "evidence/evidence.h"

typedef struct row {
    uint16_t code;
    const char *name;
    const char *text;
} row;

#define ROW(name, number, text) {ZC_EVIDENCE_##name, "EVIDENCE_" #name, text},
static const row rows[] = {ZC_EVIDENCE_REASONS(ROW)};

static const row *find(zc_result reason)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].code == reason.code) {
            return &rows[i];
        }
    }
    return NULL;
}

const char *zc_evidence_reason_name(zc_result reason)
{
    const row *found = find(reason);
    return found != NULL ? found->name : NULL;
}

const char *zc_evidence_reason_text(zc_result reason)
{
    const row *found = find(reason);
    return found != NULL ? found->text : NULL;
}

const char *zc_evidence_kind_name(zc_evidence_kind kind)
{
    static const char *const names[] = {"unknown", "AWS Nitro", "AMD SEV-SNP", "Intel SGX",
                                        "Intel TDX"};
    return (size_t)kind < sizeof names / sizeof *names ? names[kind] : names[0];
}
