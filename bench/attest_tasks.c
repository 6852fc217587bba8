/* A fresh attestation document, as the software security module of the local platform makes it;
 * and what it takes to believe one. */
#include <string.h>
#include <time.h>

#include "attest/binding.h"
#include "attest/nsm.h"
#include "attest_chain.h"
#include "bench.h"
#include "evidence/evidence.h"
#include "nsm_soft/nsm.h"
#include "nsm_soft/root.h"
#include "place.h"

static zc_nsm_soft *module;
static uint8_t request[ZC_NSM_REQUEST_MAX];
static zc_slice request_slice;
static uint8_t response[ZC_NSM_RESPONSE_MAX];
static size_t response_len;
static uint64_t turn;

static const char *open(const zc_bench_task *task)
{
    (void)task;
    const char *folder = zc_bench_place(ZC_FOLDER_NSM);
    if (folder == NULL) {
        return "there is no temporary folder";
    }
    zc_result made = zc_nsm_soft_install(folder);
    return zc_bench_why(zc_ok(made) ? zc_nsm_soft_new(folder, &module) : made);
}

static bool prepare(const zc_bench_task *task)
{
    (void)task;
    uint8_t nonce[32] = {0};
    uint8_t binding[ZC_ATTEST_BINDING_SIZE] = {0};
    turn++;
    memcpy(nonce, &turn, sizeof turn);
    zc_writer writer = ZC_WRITER_OF_ARRAY(request);
    zc_result written = zc_nsm_request_attestation(
        &writer, zc_nsm_field_of(ZC_SLICE_OF_ARRAY(binding)),
        zc_nsm_field_of(ZC_SLICE_OF_ARRAY(nonce)), (zc_nsm_field){.present = false});
    request_slice = zc_writer_written(&writer);
    return zc_ok(written);
}

static bool run(const zc_bench_task *task)
{
    (void)task;
    response_len = zc_nsm_soft_answer(module, request_slice,
                                      (zc_buffer){.data = response, .len = sizeof response});
    return response_len > 0;
}

static bool settle(const zc_bench_task *task)
{
    (void)task;
    zc_slice document;
    return zc_ok(zc_nsm_response_document(zc_slice_of(response, response_len), &document));
}

enum { COLD, CACHED };

static zc_slice document;
static zc_slice document_root;
static zc_evidence_result conclusion;

static const char *open_verify(const zc_bench_task *task)
{
    (void)task;
    return zc_bench_chain(&document, &document_root) ? NULL : "no document could be made";
}

/* Everything that `zcp verify --doc` does but reading files; the cache holds nothing but chains. */
static bool run_verify(const zc_bench_task *task)
{
    static zc_attest_cache cache;
    const zc_evidence_options options = {.at_seconds = (int64_t)time(NULL),
                                         .root_der = document_root,
                                         .cache = task->variant == CACHED ? &cache : NULL};
    return zc_ok(zc_evidence_verify(document, &options, &conclusion));
}

const zc_bench_task zc_attest_tasks[3] = {
    {.name = "attest.fresh",
     .side = ZC_SIDE_NSM,
     .open = open,
     .prepare = prepare,
     .run = run,
     .settle = settle,
     .note = "software, not hardware"},
    {.name = "attest.verify-cold",
     .side = ZC_SIDE_BARE,
     .open = open_verify,
     .run = run_verify,
     .variant = COLD},
    {.name = "attest.verify-cached",
     .side = ZC_SIDE_BARE,
     .open = open_verify,
     .run = run_verify,
     .variant = CACHED},
};
