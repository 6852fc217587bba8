/* The software security module against its own protocol, and its documents against the verifier. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "attest/document.h"
#include "attest/measure.h"
#include "attest/nsm.h"
#include "base/hex.h"
#include "deployment.h"
#include "nsm_soft/local.h"
#include "nsm_soft/state.h"

static uint8_t request_bytes[ZC_NSM_REQUEST_MAX];
static uint8_t response_bytes[ZC_NSM_RESPONSE_MAX];

static zc_slice answer_bytes(zc_nsm_soft *nsm, zc_slice request)
{
    zc_buffer room = {.data = response_bytes, .len = sizeof response_bytes};
    return zc_slice_of(response_bytes, zc_nsm_soft_answer(nsm, request, room));
}

static zc_slice answer(zc_nsm_soft *nsm, zc_nsm_request request)
{
    zc_writer writer = ZC_WRITER_OF_ARRAY(request_bytes);
    assert_true(zc_ok(zc_nsm_request_write(&writer, &request)));
    return answer_bytes(nsm, zc_writer_written(&writer));
}

static zc_nsm_error error_of(zc_slice response)
{
    zc_nsm_response parsed;
    assert_true(zc_ok(zc_nsm_response_parse(response, &parsed)));
    return parsed.error;
}

static zc_nsm_soft *open_nsm(void **state)
{
    const deployment *here = *state;
    zc_nsm_soft *nsm;
    assert_true(zc_ok(zc_nsm_soft_new(here->dir, &nsm)));
    return nsm;
}

static zc_nsm_request of_pcr(zc_nsm_op op, uint16_t index)
{
    return (zc_nsm_request){.op = op, .index = index, .data = zc_slice_of_text("data")};
}

static void answer__describe__locked_as_on_nitro(void **state)
{
    zc_nsm_soft *nsm = open_nsm(state);
    zc_nsm_response about;
    assert_true(zc_ok(zc_nsm_response_expect(answer(nsm, (zc_nsm_request){.op = ZC_NSM_DESCRIBE}),
                                             ZC_NSM_DESCRIBE, &about)));
    assert_int_equal(about.max_pcrs, 32);
    assert_int_equal(about.locked_pcrs, 0xffff);
    assert_non_null(memmem(about.module_id.data, about.module_id.len, "-enc", 4));
    assert_true(zc_slice_eq_text(about.digest, "SHA384"));
    zc_nsm_soft_free(nsm);
}

static void answer__random__fresh_each_time(void **state)
{
    zc_nsm_soft *nsm = open_nsm(state);
    uint8_t first[ZC_NSM_RANDOM_MAX];
    zc_slice random;
    assert_true(zc_ok(
        zc_nsm_response_random(answer(nsm, (zc_nsm_request){.op = ZC_NSM_GET_RANDOM}), &random)));
    assert_int_equal(random.len, sizeof first);
    memcpy(first, random.data, sizeof first);
    assert_true(zc_ok(
        zc_nsm_response_random(answer(nsm, (zc_nsm_request){.op = ZC_NSM_GET_RANDOM}), &random)));
    assert_memory_not_equal(first, random.data, sizeof first);
    zc_nsm_soft_free(nsm);
}

static void answer__pcr0__measures_the_program(void **state)
{
    zc_nsm_soft *nsm = open_nsm(state);
    uint8_t measured[48];
    uint8_t value[48];
    bool locked;
    assert_true(zc_ok(zc_nsm_soft_measure_file("/proc/self/exe", measured)));
    assert_true(
        zc_ok(zc_nsm_response_pcr(answer(nsm, of_pcr(ZC_NSM_DESCRIBE_PCR, 0)), value, &locked)));
    assert_memory_equal(value, measured, 48);
    assert_true(locked);
    zc_nsm_soft_free(nsm);
}

static void answer__locked_pcr__never_changes(void **state)
{
    zc_nsm_soft *nsm = open_nsm(state);
    uint8_t before[48];
    uint8_t after[48];
    for (uint16_t i = 0; i < 16; i++) {
        zc_nsm_soft_pcr(nsm, i, before);
        assert_int_equal(error_of(answer(nsm, of_pcr(ZC_NSM_EXTEND_PCR, i))),
                         ZC_NSM_ERROR_READ_ONLY_INDEX);
        assert_int_equal(error_of(answer(nsm, of_pcr(ZC_NSM_LOCK_PCR, i))),
                         ZC_NSM_ERROR_READ_ONLY_INDEX);
        zc_nsm_soft_pcr(nsm, i, after);
        assert_memory_equal(before, after, 48);
    }
    zc_nsm_soft_free(nsm);
}

static void answer__extend_then_lock__holds(void **state)
{
    zc_nsm_soft *nsm = open_nsm(state);
    uint8_t expected[48] = {0};
    uint8_t value[48];
    for (int i = 0; i < 3; i++) {
        zc_pcr_extend(expected, zc_slice_of_text("data"));
        assert_true(
            zc_ok(zc_nsm_response_extended(answer(nsm, of_pcr(ZC_NSM_EXTEND_PCR, 16)), value)));
        assert_memory_equal(value, expected, 48);
    }
    assert_true(
        zc_ok(zc_nsm_response_done(answer(nsm, of_pcr(ZC_NSM_LOCK_PCR, 16)), ZC_NSM_LOCK_PCR)));
    assert_int_equal(error_of(answer(nsm, of_pcr(ZC_NSM_EXTEND_PCR, 16))),
                     ZC_NSM_ERROR_READ_ONLY_INDEX);
    zc_nsm_soft_pcr(nsm, 16, value);
    assert_memory_equal(value, expected, 48);
    zc_nsm_soft_free(nsm);
}

static void answer__lock_range__locks_all_below(void **state)
{
    zc_nsm_soft *nsm = open_nsm(state);
    assert_true(
        zc_ok(zc_nsm_response_done(answer(nsm, of_pcr(ZC_NSM_LOCK_PCRS, 20)), ZC_NSM_LOCK_PCRS)));
    assert_int_equal(error_of(answer(nsm, of_pcr(ZC_NSM_EXTEND_PCR, 19))),
                     ZC_NSM_ERROR_READ_ONLY_INDEX);
    assert_int_equal(error_of(answer(nsm, of_pcr(ZC_NSM_EXTEND_PCR, 20))), ZC_NSM_ERROR_NONE);
    assert_int_equal(error_of(answer(nsm, of_pcr(ZC_NSM_LOCK_PCRS, 33))),
                     ZC_NSM_ERROR_INVALID_INDEX);
    zc_nsm_soft_free(nsm);
}

static void answer__wrong_requests__refused_by_name(void **state)
{
    zc_nsm_soft *nsm = open_nsm(state);
    static const uint8_t garbage[] = {0xff, 0x00};
    static uint8_t long_field[ZC_NSM_FIELD_MAX + 1];
    assert_int_equal(error_of(answer_bytes(nsm, zc_slice_of(NULL, 0))),
                     ZC_NSM_ERROR_INVALID_ARGUMENT);
    assert_int_equal(error_of(answer_bytes(nsm, ZC_SLICE_OF_ARRAY(garbage))),
                     ZC_NSM_ERROR_INVALID_ARGUMENT);
    assert_int_equal(error_of(answer(nsm, of_pcr(ZC_NSM_DESCRIBE_PCR, 32))),
                     ZC_NSM_ERROR_INVALID_INDEX);
    assert_int_equal(error_of(answer(nsm, of_pcr(ZC_NSM_EXTEND_PCR, 65535))),
                     ZC_NSM_ERROR_INVALID_INDEX);
    zc_nsm_request request = {.op = ZC_NSM_EXTEND_PCR, .index = 16};
    assert_int_equal(error_of(answer(nsm, request)), ZC_NSM_ERROR_INVALID_ARGUMENT);
    request = (zc_nsm_request){.op = ZC_NSM_ATTESTATION,
                               .nonce = zc_nsm_field_of(ZC_SLICE_OF_ARRAY(long_field))};
    assert_int_equal(error_of(answer(nsm, request)), ZC_NSM_ERROR_INPUT_TOO_LARGE);
    zc_nsm_soft_free(nsm);
}

static zc_slice attest(zc_nsm_soft *nsm, zc_slice nonce)
{
    zc_slice document;
    zc_nsm_request request = {.op = ZC_NSM_ATTESTATION, .nonce = zc_nsm_field_of(nonce)};
    assert_true(zc_ok(zc_nsm_response_document(answer(nsm, request), &document)));
    return document;
}

static void attest__own_root__verifies(void **state)
{
    zc_nsm_soft *nsm = open_nsm(state);
    zc_attest_doc doc;
    zc_slice document = attest(nsm, zc_slice_of_text("fresh"));
    assert_true(zc_ok(zc_attest_verify(document, zc_nsm_soft_root(nsm), time(NULL), &doc)));
    zc_attest_expect expect = {.pcr_mask = 1,
                               .has_nonce = true,
                               .nonce = zc_slice_of_text("fresh"),
                               .has_time = true,
                               .now_ms = (int64_t)time(NULL) * 1000,
                               .max_age_ms = 60000};
    assert_true(zc_ok(zc_nsm_soft_measure_file("/proc/self/exe", expect.pcr[0])));
    assert_true(zc_ok(zc_attest_check(&doc, &expect)));
    assert_false(doc.has_user_data);
    assert_false(doc.has_public_key);
    assert_int_equal(doc.pcr_mask, 0xffff);
    zc_nsm_soft_free(nsm);
}

static void attest__largest_fields__verifies(void **state)
{
    zc_nsm_soft *nsm = open_nsm(state);
    static uint8_t field[ZC_NSM_FIELD_MAX];
    memset(field, 0xab, sizeof field);
    zc_nsm_field full = zc_nsm_field_of(ZC_SLICE_OF_ARRAY(field));
    zc_nsm_request request = {
        .op = ZC_NSM_ATTESTATION, .nonce = full, .user_data = full, .public_key = full};
    assert_true(
        zc_ok(zc_nsm_response_done(answer(nsm, of_pcr(ZC_NSM_LOCK_PCRS, 32)), ZC_NSM_LOCK_PCRS)));
    zc_slice document;
    zc_attest_doc doc;
    assert_true(zc_ok(zc_nsm_response_document(answer(nsm, request), &document)));
    assert_true(zc_ok(zc_attest_verify(document, zc_nsm_soft_root(nsm), time(NULL), &doc)));
    assert_true(zc_slice_eq(doc.public_key, ZC_SLICE_OF_ARRAY(field)));
    zc_nsm_soft_free(nsm);
}

/* The root of AWS Nitro Enclaves, G1; SHA-256
 * 641a0321a3e244efe456463195d606317ed7cdcc3c1756e09893f3c68f79bb5b.
 */
static const char aws_root_hex[] =
    "3082021130820196a003020102021100f93175681b90afe11d46ccb4e4e7f856300a06082a8648ce3d040303"
    "3049310b3009060355040613025553310f300d060355040a0c06416d617a6f6e310c300a060355040b0c0341"
    "5753311b301906035504030c126177732e6e6974726f2d656e636c61766573301e170d313931303238313332"
    "3830355a170d3439313032383134323830355a3049310b3009060355040613025553310f300d060355040a0c"
    "06416d617a6f6e310c300a060355040b0c03415753311b301906035504030c126177732e6e6974726f2d656e"
    "636c617665733076301006072a8648ce3d020106052b8104002203620004fc0254eba608c1f36870e29ada90"
    "be46383292736e894bfff672d989444b5051e534a4b1f6dbe3c0bc581a32b7b176070ede12d69a3fea211b66"
    "e752cf7dd1dd095f6f1370f4170843d9dc100121e4cf63012809664487c9796284304dc53ff4a3423040300f"
    "0603551d130101ff040530030101ff301d0603551d0e041604149025b50dd90547e796c396fa729dcf99a9df"
    "4b96300e0603551d0f0101ff040403020186300a06082a8648ce3d0403030369003066023100a37f2f91a1c9"
    "bd5ee7b8627c1698d255038e1f0343f95b63a9628c3d39809545a11ebcbf2e3b55d8aeee71b4c3d6adf30231"
    "00a2f39b1605b27028a5dd4ba069b5016e65b4fbde8fe0061d6a53197f9cdaf5d943bc61fc2beb03cb6fee8d"
    "2302f3dff6";

static void attest__foreign_roots__refused(void **state)
{
    zc_nsm_soft *nsm = open_nsm(state);
    zc_attest_doc doc;
    uint8_t aws[1024];
    size_t aws_len;
    assert_true(
        zc_ok(zc_hex_decode_some(zc_slice_of_text(aws_root_hex), aws, sizeof aws, &aws_len)));
    zc_slice document = attest(nsm, zc_slice_of_text("fresh"));
    assert_true(zc_is(zc_attest_verify(document, zc_slice_of(aws, aws_len), time(NULL), &doc),
                      ZC_ATTEST_FOREIGN_ROOT));
    void *other_state;
    assert_int_equal(deployment_setup(&other_state), 0);
    zc_nsm_soft *other = open_nsm(&other_state);
    assert_true(zc_is(zc_attest_verify(document, zc_nsm_soft_root(other), time(NULL), &doc),
                      ZC_ATTEST_FOREIGN_ROOT));
    zc_nsm_soft_free(other);
    assert_int_equal(deployment_teardown(&other_state), 0);
    zc_nsm_soft_free(nsm);
}

static void attest__outside_its_time__refused(void **state)
{
    zc_nsm_soft *nsm = open_nsm(state);
    zc_attest_doc doc;
    zc_slice root = zc_nsm_soft_root(nsm);
    zc_slice document = attest(nsm, zc_slice_of_text("fresh"));
    int64_t now = time(NULL);
    assert_true(zc_is(zc_attest_verify(document, root, now + ZC_NSM_SOFT_LEAF_SECONDS + 5, &doc),
                      ZC_ATTEST_EXPIRED));
    assert_true(zc_is(zc_attest_verify(document, root, now - 3600, &doc), ZC_ATTEST_NOT_YET_VALID));
    zc_nsm_soft_free(nsm);
}

/* Every byte of a document is part of what is checked. */
static void attest__any_byte_altered__refused(void **state)
{
    zc_nsm_soft *nsm = open_nsm(state);
    static uint8_t copy[ZC_ATTEST_DOCUMENT_MAX];
    zc_slice document = attest(nsm, zc_slice_of_text("fresh"));
    zc_attest_doc doc;
    int64_t now = time(NULL);
    memcpy(copy, document.data, document.len);
    for (size_t i = 0; i < document.len; i += (i < 300 || i + 300 > document.len) ? 3 : 37) {
        copy[i] ^= 0x01;
        assert_false(zc_ok(
            zc_attest_verify(zc_slice_of(copy, document.len), zc_nsm_soft_root(nsm), now, &doc)));
        copy[i] ^= 0x01;
    }
    assert_true(
        zc_ok(zc_attest_verify(zc_slice_of(copy, document.len), zc_nsm_soft_root(nsm), now, &doc)));
    copy[document.len - 1] ^= 0x01;
    assert_true(
        zc_is(zc_attest_verify(zc_slice_of(copy, document.len), zc_nsm_soft_root(nsm), now, &doc),
              ZC_ATTEST_BAD_SIGNATURE));
    zc_nsm_soft_free(nsm);
}

static void attest__all_measurements_zero__is_debug(void **state)
{
    zc_nsm_soft *nsm = open_nsm(state);
    memset(nsm->pcr, 0, sizeof nsm->pcr);
    zc_attest_doc doc;
    zc_slice document = attest(nsm, zc_slice_of_text("fresh"));
    assert_true(zc_is(zc_attest_verify(document, zc_nsm_soft_root(nsm), time(NULL), &doc),
                      ZC_ATTEST_DEBUG_MODE));
    zc_nsm_soft_free(nsm);
}

static void issuer_refresh__half_its_life_over__new_leaf(void **state)
{
    zc_nsm_soft *nsm = open_nsm(state);
    int64_t made = nsm->issuer.leaf_made;
    zc_der first = nsm->issuer.leaf_der;
    assert_true(zc_ok(zc_nsm_soft_issuer_refresh(&nsm->issuer, made + 5399)));
    assert_memory_equal(first.byte, nsm->issuer.leaf_der.byte, first.len);
    assert_true(zc_ok(zc_nsm_soft_issuer_refresh(&nsm->issuer, made + 5400)));
    assert_memory_not_equal(first.byte, nsm->issuer.leaf_der.byte, first.len);
    assert_true(zc_ok(zc_nsm_soft_issuer_refresh(&nsm->issuer, made - 10)));
    assert_int_equal(nsm->issuer.leaf_made, made - 10);
    zc_nsm_soft_free(nsm);
}

/* A server in a child, and the local platform on this side. */
typedef struct served {
    pid_t pid;
    zc_local local;
    zc_platform platform;
} served;

static served serve(void **state)
{
    int link[2];
    assert_true(zc_ok(zc_nsm_soft_link(link)));
    served here = {.pid = fork()};
    if (here.pid == 0) {
        close(link[1]);
        zc_nsm_soft *nsm = open_nsm(state);
        zc_result result = zc_nsm_soft_serve(nsm, link[0]);
        zc_nsm_soft_free(nsm);
        _exit(zc_ok(result) ? 0 : 1);
    }
    close(link[0]);
    here.local.nsm_fd = link[1];
    return here;
}

static void stop(served *here)
{
    int status;
    close(here->local.nsm_fd);
    assert_int_equal(waitpid(here->pid, &status, 0), here->pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void mission(const zc_platform *platform, const char *hash)
{
    size_t len;
    zc_buffer room = {.data = response_bytes, .len = sizeof response_bytes};
    uint8_t value[48];
    zc_writer writer = ZC_WRITER_OF_ARRAY(request_bytes);
    assert_true(zc_ok(zc_nsm_request_extend_pcr(&writer, 16, zc_slice_of_text(hash))));
    assert_true(zc_ok(zc_platform_nsm(platform, zc_writer_written(&writer), room, &len)));
    assert_true(zc_ok(zc_nsm_response_extended(zc_slice_of(response_bytes, len), value)));
    zc_secret32 key;
    assert_true(zc_is(zc_platform_wrap_key(platform, &key), ZC_PLATFORM_NO_WRAP_KEY));
    writer = ZC_WRITER_OF_ARRAY(request_bytes);
    assert_true(zc_ok(zc_nsm_request_lock_pcr(&writer, 16)));
    assert_true(zc_ok(zc_platform_nsm(platform, zc_writer_written(&writer), room, &len)));
    assert_true(zc_ok(zc_nsm_response_done(zc_slice_of(response_bytes, len), ZC_NSM_LOCK_PCR)));
}

static zc_secret32 wrap_key(void **state, const char *hash)
{
    served here = serve(state);
    zc_platform platform = zc_local_platform(&here.local, here.local.nsm_fd, 0);
    zc_secret32 key = {0};
    mission(&platform, hash);
    assert_true(zc_ok(zc_platform_wrap_key(&platform, &key)));
    stop(&here);
    return key;
}

static void wrap_key__same_mission__same_key(void **state)
{
    zc_secret32 first = wrap_key(state, "mission a");
    zc_secret32 again = wrap_key(state, "mission a");
    assert_memory_equal(first.byte, again.byte, 32);
}

static void wrap_key__other_mission_or_machine__other_key(void **state)
{
    zc_secret32 first = wrap_key(state, "mission a");
    zc_secret32 mission_b = wrap_key(state, "mission b");
    assert_memory_not_equal(first.byte, mission_b.byte, 32);
    void *other;
    assert_int_equal(deployment_setup(&other), 0);
    zc_secret32 elsewhere = wrap_key(&other, "mission a");
    assert_memory_not_equal(first.byte, elsewhere.byte, 32);
    assert_int_equal(deployment_teardown(&other), 0);
}

static void local_platform__round_trips__answered(void **state)
{
    served here = serve(state);
    zc_platform platform = zc_local_platform(&here.local, here.local.nsm_fd, 5);
    uint8_t random[2][64];
    int64_t now;
    assert_string_equal(platform.ops->name, "local");
    assert_false(platform.ops->now_is_trusted);
    assert_int_equal(zc_platform_isolation(&platform), 5);
    assert_true(zc_ok(zc_platform_random(&platform, random[0], 64)));
    assert_true(zc_ok(zc_platform_random(&platform, random[1], 64)));
    assert_memory_not_equal(random[0], random[1], 64);
    assert_true(zc_ok(zc_platform_now_ms(&platform, &now)));
    assert_in_range(now / 1000, time(NULL) - 5, time(NULL) + 5);
    uint64_t then = zc_platform_monotonic_ns(&platform);
    assert_true(zc_platform_monotonic_ns(&platform) >= then);
    stop(&here);
}

static void local_platform__sizes_and_loss__told(void **state)
{
    served here = serve(state);
    zc_platform platform = zc_local_platform(&here.local, here.local.nsm_fd, 0);
    static uint8_t big[ZC_NSM_REQUEST_MAX + 1];
    size_t len;
    zc_buffer room = {.data = response_bytes, .len = sizeof response_bytes};
    assert_true(zc_is(zc_platform_nsm(&platform, ZC_SLICE_OF_ARRAY(big), room, &len),
                      ZC_PLATFORM_NSM_REQUEST_TOO_LONG));
    assert_true(zc_is(zc_platform_nsm(&platform, zc_slice_of(big, 0), room, &len),
                      ZC_PLATFORM_NSM_REQUEST_TOO_LONG));
    /* Past the client's own check, the server says so itself. */
    assert_int_equal(send(here.local.nsm_fd, big, sizeof big, 0), sizeof big);
    ssize_t got = recv(here.local.nsm_fd, response_bytes, sizeof response_bytes, 0);
    assert_true(got > 0);
    assert_int_equal(error_of(zc_slice_of(response_bytes, (size_t)got)),
                     ZC_NSM_ERROR_INPUT_TOO_LARGE);
    zc_writer writer = ZC_WRITER_OF_ARRAY(request_bytes);
    assert_true(zc_ok(zc_nsm_request_random(&writer)));
    zc_buffer small = {.data = response_bytes, .len = 16};
    assert_true(zc_is(zc_platform_nsm(&platform, zc_writer_written(&writer), small, &len),
                      ZC_PLATFORM_NSM_RESPONSE_TOO_LONG));
    int lost[2];
    assert_true(zc_ok(zc_nsm_soft_link(lost)));
    close(lost[0]);
    zc_local gone;
    zc_platform orphan = zc_local_platform(&gone, lost[1], 0);
    zc_secret32 key;
    assert_true(zc_is(zc_platform_nsm(&orphan, zc_writer_written(&writer), room, &len),
                      ZC_PLATFORM_NSM_UNREACHABLE));
    assert_false(zc_ok(zc_platform_wrap_key(&orphan, &key)));
    close(lost[1]);
    stop(&here);
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, deployment_setup, deployment_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH(answer__describe__locked_as_on_nitro),
        WITH(answer__random__fresh_each_time),
        WITH(answer__pcr0__measures_the_program),
        WITH(answer__locked_pcr__never_changes),
        WITH(answer__extend_then_lock__holds),
        WITH(answer__lock_range__locks_all_below),
        WITH(answer__wrong_requests__refused_by_name),
        WITH(attest__own_root__verifies),
        WITH(attest__largest_fields__verifies),
        WITH(attest__foreign_roots__refused),
        WITH(attest__outside_its_time__refused),
        WITH(attest__any_byte_altered__refused),
        WITH(attest__all_measurements_zero__is_debug),
        WITH(issuer_refresh__half_its_life_over__new_leaf),
        WITH(wrap_key__same_mission__same_key),
        WITH(wrap_key__other_mission_or_machine__other_key),
        WITH(local_platform__round_trips__answered),
        WITH(local_platform__sizes_and_loss__told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
