/* Views of a quote lie inside it, have their fixed lengths, and nothing but zeros follows. */
#include "evidence/quote_parse.h"
#include "fuzz.h"

static const uint8_t *from;
static const uint8_t *to;

static void inside(zc_slice view, size_t len)
{
    FUZZ_CHECK(view.len == len && view.data >= from && view.data + len <= to);
}

static void check_sgx(const zc_sgx_report *report)
{
    inside(report->whole, ZC_SGX_REPORT_SIZE);
    inside(report->attributes, 16);
    inside(report->mr_enclave, 32);
    inside(report->mr_signer, 32);
    inside(report->report_data, 64);
}

static void check_td(const zc_td_report *td)
{
    inside(td->tee_tcb_svn, 16);
    inside(td->mr_td, 48);
    inside(td->td_attributes, 8);
    inside(td->report_data, 64);
    for (size_t i = 0; i < 4; i++) {
        inside(td->rtmr[i], 48);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    zc_quote quote;
    from = data;
    to = data + size;
    if (!zc_ok(zc_quote_parse(zc_slice_of(data, size), &quote))) {
        return 0;
    }
    FUZZ_CHECK(quote.version >= 3 && quote.version <= 5);
    check_sgx(&quote.qe);
    if (quote.is_tdx) {
        check_td(&quote.td);
    } else {
        check_sgx(&quote.sgx);
    }
    inside(quote.attestation_key, 64);
    inside(quote.signed_bytes, quote.signed_bytes.len);
    FUZZ_CHECK(quote.signed_bytes.data == data && quote.signed_bytes.len < size);
    return 0;
}
