/* The platform against a security module of the test's own: this program's ioctl() is the device.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants these four first */
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include <sys/ioctl.h>
#include <sys/uio.h>

#include "attest/measure.h"
#include "attest/nsm.h"
#include "codec/cbor.h"
#include "nitro/nitro.h"

#define MISSION_PCR 16

/* The module. */
static struct {
    uint8_t pcr[ZC_NSM_PCRS][48];
    uint32_t locked;
    uint64_t time_ms;
    unsigned calls;
    int fail_with; /* errno */
    bool lies;     /* says "locked" and extends nevertheless */
    bool silent;   /* answers with no bytes */
    bool has_no_timestamp;
    uint8_t next_random;
    size_t random_len;
} module;

static void reset_module(void)
{
    memset(&module, 0, sizeof module);
    module.locked = 0xffff;
    module.time_ms = 1795219200000;
    module.random_len = 256;
}

static zc_result put_document(zc_writer *writer)
{
    static const uint8_t header[] = {0xa1, 0x01, 0x20}; /* as an emulated module has it */
    uint8_t payload[128];
    zc_writer inner = ZC_WRITER_OF_ARRAY(payload);
    ZC_TRY(zc_cbor_put_map(&inner, 2));
    ZC_TRY(zc_cbor_put_text(&inner, zc_slice_of_text("digest")));
    ZC_TRY(zc_cbor_put_text(&inner, zc_slice_of_text("SHA384")));
    ZC_TRY(zc_cbor_put_text(&inner,
                            zc_slice_of_text(module.has_no_timestamp ? "timestomp" : "timestamp")));
    ZC_TRY(zc_cbor_put_uint(&inner, module.time_ms));
    ZC_TRY(zc_cbor_put_array(writer, 4));
    ZC_TRY(zc_cbor_put_bytes(writer, ZC_SLICE_OF_ARRAY(header)));
    ZC_TRY(zc_cbor_put_map(writer, 0));
    ZC_TRY(zc_cbor_put_bytes(writer, zc_writer_written(&inner)));
    return zc_cbor_put_bytes(writer, (zc_slice){0});
}

static zc_nsm_response answer_to(const zc_nsm_request *request, uint8_t room[static 1024])
{
    zc_nsm_response answer = {.op = request->op};
    uint8_t *pcr = module.pcr[request->index % ZC_NSM_PCRS];
    bool locked = (module.locked >> request->index & 1) != 0;
    zc_writer writer = zc_writer_of(room, 1024);
    switch (request->op) {
    case ZC_NSM_GET_RANDOM:
        for (size_t i = 0; i < module.random_len; i++) {
            room[i] = module.next_random++;
        }
        answer.bytes = zc_slice_of(room, module.random_len);
        break;
    case ZC_NSM_DESCRIBE_PCR:
        answer.locked = locked;
        answer.bytes = zc_slice_of(pcr, 48);
        break;
    case ZC_NSM_EXTEND_PCR:
        if (locked && !module.lies) {
            answer.error = ZC_NSM_ERROR_READ_ONLY_INDEX;
            break;
        }
        zc_pcr_extend(pcr, request->data);
        answer.bytes = zc_slice_of(pcr, 48);
        break;
    case ZC_NSM_LOCK_PCR:
        module.locked |= UINT32_C(1) << request->index;
        break;
    case ZC_NSM_ATTESTATION:
        assert_true(zc_ok(put_document(&writer)));
        answer.bytes = zc_writer_written(&writer);
        break;
    default:
        answer.error = ZC_NSM_ERROR_INVALID_OPERATION;
    }
    return answer;
}

/* In the place of the C library's. */
int ioctl(int fd, unsigned long request, ...)
{
    va_list arguments;
    va_start(arguments, request);
    struct iovec *message = va_arg(arguments, struct iovec *);
    va_end(arguments);
    assert_int_equal(fd, 77);
    assert_int_equal(request, ZC_NITRO_IOCTL);
    module.calls++;
    if (module.fail_with != 0) {
        errno = module.fail_with;
        return -1;
    }
    zc_nsm_request asked;
    uint8_t room[1024];
    assert_true(message[0].iov_len <= ZC_NSM_REQUEST_MAX);
    assert_true(
        zc_ok(zc_nsm_request_parse(zc_slice_of(message[0].iov_base, message[0].iov_len), &asked)));
    zc_nsm_response answer = answer_to(&asked, room);
    zc_writer writer = zc_writer_of(message[1].iov_base, message[1].iov_len);
    if (!zc_ok(zc_nsm_response_write(&writer, &answer))) {
        errno = EMSGSIZE;
        return -1;
    }
    message[1].iov_len = module.silent ? 0 : zc_writer_len(&writer);
    return 0;
}

static zc_nitro nitro;
static zc_platform platform;

static int set_up(void **state)
{
    (void)state;
    reset_module();
    platform = zc_nitro_platform(&nitro, 77, 0);
    return 0;
}

static void lock_mission(void)
{
    module.pcr[MISSION_PCR][0] = 1;
    module.locked |= UINT32_C(1) << MISSION_PCR;
}

static void nsm__each_failure__named(void **state)
{
    (void)state;
    uint8_t request[64];
    uint8_t response[64];
    static const uint8_t long_request[ZC_NSM_REQUEST_MAX + 1];
    size_t len;
    zc_writer writer = ZC_WRITER_OF_ARRAY(request);
    zc_buffer room = {.data = response, .len = sizeof response};
    assert_true(zc_ok(zc_nsm_request_describe_pcr(&writer, 0)));
    zc_slice asked = zc_writer_written(&writer);
    assert_true(
        zc_is(zc_platform_nsm(&platform, asked, room, &len), ZC_PLATFORM_NSM_RESPONSE_TOO_LONG));
    module.fail_with = ENODEV;
    assert_true(zc_is(zc_platform_nsm(&platform, asked, room, &len), ZC_PLATFORM_NSM_UNREACHABLE));
    module.fail_with = 0;
    module.silent = true;
    uint8_t more[256];
    room = (zc_buffer){.data = more, .len = sizeof more};
    assert_true(zc_is(zc_platform_nsm(&platform, asked, room, &len), ZC_PLATFORM_NSM_UNREACHABLE));
    assert_true(zc_is(zc_platform_nsm(&platform, (zc_slice){0}, room, &len),
                      ZC_PLATFORM_NSM_REQUEST_TOO_LONG));
    assert_true(zc_is(zc_platform_nsm(&platform, ZC_SLICE_OF_ARRAY(long_request), room, &len),
                      ZC_PLATFORM_NSM_REQUEST_TOO_LONG));
}

static void random__module_gone__no_bytes(void **state)
{
    (void)state;
    uint8_t bytes[100] = {0};
    static const uint8_t none[100];
    module.fail_with = EIO;
    assert_true(zc_is(zc_platform_random(&platform, bytes, sizeof bytes), ZC_PLATFORM_NO_RANDOM));
    assert_memory_equal(bytes, none, sizeof bytes);
}

static void random__same_module_bytes__still_differ(void **state)
{
    (void)state;
    uint8_t one[100];
    uint8_t other[100];
    assert_true(zc_ok(zc_platform_random(&platform, one, sizeof one)));
    module.next_random = 0;
    assert_true(zc_ok(zc_platform_random(&platform, other, sizeof other)));
    assert_memory_not_equal(one, other, sizeof one);
    /* 64 bytes of the module for each 64 given. */
    assert_int_equal(module.calls, 4);
}

static void entropy__short_answers__asked_again(void **state)
{
    (void)state;
    uint8_t bytes[64];
    module.random_len = 1;
    assert_true(zc_ok(zc_nitro_entropy(77, bytes, sizeof bytes)));
    for (size_t i = 0; i < sizeof bytes; i++) {
        assert_int_equal(bytes[i], i);
    }
    module.random_len = 0;
    assert_true(zc_is(zc_nitro_entropy(77, bytes, sizeof bytes), ZC_PLATFORM_NO_RANDOM));
}

static void wrap_key__mission_not_locked__refused(void **state)
{
    (void)state;
    zc_secret32 key;
    assert_true(zc_is(zc_platform_wrap_key(&platform, &key), ZC_PLATFORM_NO_WRAP_KEY));
    lock_mission();
    assert_true(zc_ok(zc_platform_wrap_key(&platform, &key)));
    for (unsigned index = 0; index <= MISSION_PCR; index++) {
        module.locked &= ~(UINT32_C(1) << index);
        assert_true(zc_is(zc_platform_wrap_key(&platform, &key), ZC_PLATFORM_NO_WRAP_KEY));
        module.locked |= UINT32_C(1) << index;
    }
}

static void wrap_key__lock_that_does_not_hold__refused(void **state)
{
    (void)state;
    zc_secret32 key;
    lock_mission();
    module.lies = true;
    assert_true(zc_is(zc_nitro_check_locks(77, MISSION_PCR), ZC_PLATFORM_PCR_NOT_LOCKED));
    assert_true(zc_is(zc_platform_wrap_key(&platform, &key), ZC_PLATFORM_NO_WRAP_KEY));
}

static void wrap_key__twice__two_keys(void **state)
{
    (void)state;
    zc_secret32 one;
    zc_secret32 other;
    lock_mission();
    assert_true(zc_ok(zc_platform_wrap_key(&platform, &one)));
    assert_true(zc_ok(zc_platform_wrap_key(&platform, &other)));
    assert_memory_not_equal(one.byte, other.byte, sizeof one.byte);
}

static void clock__anchored__is_the_documents(void **state)
{
    (void)state;
    int64_t now;
    assert_true(zc_ok(zc_platform_now_ms(&platform, &now)));
    assert_in_range(now, (int64_t)module.time_ms, (int64_t)module.time_ms + 5000);
    unsigned calls = module.calls;
    assert_true(zc_ok(zc_platform_now_ms(&platform, &now)));
    assert_int_equal(module.calls, calls); /* no round trip within the minute */
    assert_true(platform.ops->now_is_trusted);
}

static void clock__a_minute_later__anchored_anew(void **state)
{
    (void)state;
    int64_t before;
    int64_t now;
    assert_true(zc_ok(zc_platform_now_ms(&platform, &before)));
    module.time_ms += 3600000;
    nitro.anchor_ns -= ZC_NITRO_ANCHOR_NS;
    nitro.asked_ns -= ZC_NITRO_ANCHOR_NS;
    assert_true(zc_ok(zc_platform_now_ms(&platform, &now)));
    assert_in_range(now, before + 3600000, before + 3605000);
}

static void clock__module_goes_back__time_does_not(void **state)
{
    (void)state;
    int64_t before;
    int64_t now;
    assert_true(zc_ok(zc_platform_now_ms(&platform, &before)));
    module.time_ms -= 1000000;
    nitro.anchor_ns -= ZC_NITRO_ANCHOR_NS;
    nitro.asked_ns -= ZC_NITRO_ANCHOR_NS;
    assert_true(zc_ok(zc_platform_now_ms(&platform, &now)));
    assert_true(now >= before);
}

static void clock__no_anchor_for_long__no_time(void **state)
{
    (void)state;
    int64_t now;
    assert_true(zc_ok(zc_platform_now_ms(&platform, &now)));
    module.fail_with = EIO;
    nitro.anchor_ns -= ZC_NITRO_ANCHOR_NS;
    nitro.asked_ns -= ZC_NITRO_ANCHOR_NS;
    assert_true(zc_ok(zc_platform_now_ms(&platform, &now))); /* the old anchor still serves */
    nitro.anchor_ns -= ZC_NITRO_ANCHOR_MOST_NS;
    assert_true(zc_is(zc_platform_now_ms(&platform, &now), ZC_PLATFORM_NO_CLOCK));
}

static void clock__document_without_a_time__refused(void **state)
{
    (void)state;
    int64_t now;
    module.has_no_timestamp = true;
    assert_true(zc_is(zc_nitro_document_time(77, &now), ZC_PLATFORM_NO_CLOCK));
    module.has_no_timestamp = false;
    module.time_ms = UINT64_MAX;
    assert_true(zc_is(zc_nitro_document_time(77, &now), ZC_PLATFORM_NO_CLOCK));
    module.time_ms = 0;
    assert_true(zc_is(zc_nitro_document_time(77, &now), ZC_PLATFORM_NO_CLOCK));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(nsm__each_failure__named, set_up),
        cmocka_unit_test_setup(random__module_gone__no_bytes, set_up),
        cmocka_unit_test_setup(random__same_module_bytes__still_differ, set_up),
        cmocka_unit_test_setup(entropy__short_answers__asked_again, set_up),
        cmocka_unit_test_setup(wrap_key__mission_not_locked__refused, set_up),
        cmocka_unit_test_setup(wrap_key__lock_that_does_not_hold__refused, set_up),
        cmocka_unit_test_setup(wrap_key__twice__two_keys, set_up),
        cmocka_unit_test_setup(clock__anchored__is_the_documents, set_up),
        cmocka_unit_test_setup(clock__a_minute_later__anchored_anew, set_up),
        cmocka_unit_test_setup(clock__module_goes_back__time_does_not, set_up),
        cmocka_unit_test_setup(clock__no_anchor_for_long__no_time, set_up),
        cmocka_unit_test_setup(clock__document_without_a_time__refused, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
