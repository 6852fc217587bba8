/* The real work of the parent and of core, each in its own sandbox: nothing that libcrypto,
 * libsecp256k1 or libsodium do behind our back is outside the filter. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <openssl/rand.h>

#include "attest/document.h"
#include "attest/nsm.h"
#include "crypto/setup.h"
#include "crypto/signer.h"
#include "crypto/verify.h"
#include "deployment.h"
#include "nsm_soft/local.h"
#include "nsm_soft/sandbox.h"
#include "nsm_soft/state.h"

static void enter(zc_sandbox_role role, int fd, uint32_t inherited, uint32_t *ret_bits)
{
    const int keep[] = {fd, 2};
    zc_sandbox_profile profile = {
        .role = role, .keep = keep, .keep_count = 2, .inherited = inherited};
    if (!zc_ok(zc_sandbox_enter(&profile, ret_bits))) {
        _exit(90);
    }
}

static void be_parent(const deployment *here, int link, uint32_t inherited)
{
    zc_nsm_soft *nsm;
    uint32_t bits;
    if (!zc_ok(zc_nsm_soft_new(here->dir, &nsm))) {
        _exit(91);
    }
    nsm->issuer.leaf_made = 0; /* so that a certificate is made inside */
    enter(ZC_SANDBOX_PARENT, link, inherited, &bits);
    zc_sandbox_exit(zc_ok(zc_nsm_soft_serve(nsm, link)) ? 0 : 92);
}

static bool round_trip(const zc_platform *platform, const zc_nsm_request *request,
                       zc_buffer response, zc_slice *ret_response)
{
    uint8_t bytes[256];
    zc_writer writer = ZC_WRITER_OF_ARRAY(bytes);
    size_t len;
    if (!zc_ok(zc_nsm_request_write(&writer, request)) ||
        !zc_ok(zc_platform_nsm(platform, zc_writer_written(&writer), response, &len))) {
        return false;
    }
    *ret_response = zc_slice_of(response.data, len);
    return true;
}

/* Extends and locks the mission, takes the wrapping key and a document, and verifies it. */
static int boot(const zc_platform *platform, zc_slice root)
{
    static uint8_t bytes[ZC_NSM_RESPONSE_MAX];
    zc_buffer room = {.data = bytes, .len = sizeof bytes};
    zc_slice response;
    zc_slice document;
    zc_attest_doc doc;
    ZC_SECRET zc_secret32 key;
    int64_t now;
    zc_nsm_request extend = {
        .op = ZC_NSM_EXTEND_PCR, .index = 16, .data = zc_slice_of_text("mission")};
    zc_nsm_request lock = {.op = ZC_NSM_LOCK_PCR, .index = 16};
    zc_nsm_request attest = {.op = ZC_NSM_ATTESTATION};
    if (!round_trip(platform, &extend, room, &response) ||
        !round_trip(platform, &lock, room, &response)) {
        return 1;
    }
    if (!zc_ok(zc_platform_wrap_key(platform, &key))) {
        return 2;
    }
    if (!round_trip(platform, &attest, room, &response) ||
        !zc_ok(zc_nsm_response_document(response, &document)) ||
        !zc_ok(zc_platform_now_ms(platform, &now))) {
        return 3;
    }
    return zc_ok(zc_attest_verify(document, root, now / 1000, &doc)) ? 0 : 4;
}

static int sign_with(zc_curve curve, zc_drbg *drbg)
{
    zc_signer signer;
    zc_signature signature;
    uint8_t fresh[32];
    uint8_t digest[32] = {1};
    if (!zc_ok(zc_signer_generate(&signer, curve, drbg))) {
        return 10;
    }
    zc_drbg_bytes(drbg, fresh, sizeof fresh);
    zc_result result = curve == ZC_CURVE_ED25519
                           ? zc_sign_message_ed25519(&signer, ZC_SLICE_OF_ARRAY(digest), &signature)
                           : zc_sign_digest(&signer, ZC_NONCE_HEDGED, fresh, digest, &signature);
    zc_signer_clear(&signer);
    return zc_ok(result) ? 0 : 11;
}

static int work(const zc_platform *platform, zc_slice root)
{
    uint8_t seed[32];
    zc_drbg drbg;
    if (!zc_ok(zc_platform_random(platform, seed, sizeof seed)) ||
        RAND_bytes(seed, sizeof seed) != 1) {
        return 20;
    }
    zc_drbg_init(&drbg, seed);
    int failed = boot(platform, root);
    for (int curve = ZC_CURVE_SECP256K1; failed == 0 && curve <= ZC_CURVE_ED25519; curve++) {
        failed = sign_with((zc_curve)curve, &drbg);
    }
    zc_drbg_clear(&drbg);
    return failed;
}

static void be_core(zc_slice root, int link, uint32_t inherited)
{
    uint8_t seed[32] = {0};
    uint32_t bits;
    zc_local local;
    if (!zc_ok(zc_crypto_setup(seed))) {
        _exit(93);
    }
    enter(ZC_SANDBOX_CORE, link, inherited, &bits);
    zc_platform platform = zc_local_platform(&local, link, bits);
    zc_sandbox_exit(work(&platform, root));
}

static int status_of(pid_t pid)
{
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return status;
}

static void sandboxed_parent_and_core__boot_and_sign__live(void **state)
{
    const deployment *here = *state;
    static uint8_t root[ZC_NSM_SOFT_ROOT_DER_MAX];
    size_t root_len;
    int link[2];
    pid_t parent;
    pid_t core;
    uint32_t inherited;
    assert_true(zc_ok(zc_nsm_soft_read_root(deployment_path(here, "root.pem"), root, &root_len)));
    assert_true(zc_ok(zc_nsm_soft_link(link)));
    assert_true(zc_ok(zc_sandbox_fork(&core, &inherited)));
    if (core == 0) {
        be_core(zc_slice_of(root, root_len), link[1], inherited);
    }
    assert_true(zc_ok(zc_sandbox_fork(&parent, &inherited)));
    if (parent == 0) {
        be_parent(here, link[0], inherited);
    }
    close(link[0]);
    close(link[1]);
    assert_int_equal(status_of(core), 0);
    assert_int_equal(status_of(parent), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(sandboxed_parent_and_core__boot_and_sign__live,
                                        deployment_setup, deployment_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
