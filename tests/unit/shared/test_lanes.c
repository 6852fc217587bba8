/* Memory that client and core share: what comes through it, and what a hostile other side can do.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#include "runtime/shared.h"

#define ENOUGH (3 * (size_t)ZC_SHARED_BYTES + 12345)

typedef struct pair {
    int fd;
    void *core_memory;
    void *client_memory;
    zc_shared_end core;
    zc_shared_end client;
} pair;

static void open_pair(pair *ret_pair)
{
    assert_true(zc_ok(zc_shared_make(&ret_pair->fd, &ret_pair->core_memory)));
    assert_true(zc_ok(zc_shared_map(ret_pair->fd, &ret_pair->client_memory)));
    ret_pair->core = zc_shared_end_of(ret_pair->core_memory, ZC_SHARED_CORE);
    ret_pair->client = zc_shared_end_of(ret_pair->client_memory, ZC_SHARED_CLIENT);
}

static void close_pair(pair *with)
{
    zc_shared_unmap(with->core_memory);
    zc_shared_unmap(with->client_memory);
    close(with->fd);
}

static size_t receive(zc_shared_end *end, uint8_t *bytes, size_t room)
{
    size_t len;
    assert_true(zc_ok(zc_shared_receive(end, bytes, room, &len)));
    return len;
}

static size_t give(zc_shared_end *end, const uint8_t *bytes, size_t len)
{
    size_t sent;
    assert_true(zc_ok(zc_shared_send(end, bytes, len, &sent)));
    return sent;
}

static void shared__both_directions__arrive_as_sent(void **state)
{
    (void)state;
    pair with;
    uint8_t got[64];
    open_pair(&with);
    assert_int_equal(receive(&with.core, got, sizeof got), 0);
    assert_int_equal(give(&with.client, (const uint8_t *)"question", 8), 8);
    assert_int_equal(give(&with.core, (const uint8_t *)"answer", 6), 6);
    assert_int_equal(receive(&with.core, got, 3), 3);
    assert_int_equal(receive(&with.core, got + 3, sizeof got - 3), 5);
    assert_memory_equal(got, "question", 8);
    assert_int_equal(receive(&with.client, got, sizeof got), 6);
    assert_memory_equal(got, "answer", 6);
    close_pair(&with);
}

static void shared__full_lane__takes_no_more_until_read(void **state)
{
    (void)state;
    pair with;
    static uint8_t bytes[ZC_SHARED_BYTES + 10], got[ZC_SHARED_BYTES];
    open_pair(&with);
    assert_int_equal(give(&with.client, bytes, 5), 5);
    assert_int_equal(receive(&with.core, got, 5), 5);
    assert_int_equal(give(&with.client, bytes, sizeof bytes), ZC_SHARED_BYTES);
    assert_false(zc_shared_has_room(&with.client));
    assert_int_equal(give(&with.client, bytes, 1), 0);
    assert_int_equal(receive(&with.core, got, 7), 7);
    assert_int_equal(give(&with.client, bytes, 100), 7);
    close_pair(&with);
}

/* Counts run over 2^32 after four gibibytes: ends are put shortly before. */
static void shared__counts_run_over__goes_on(void **state)
{
    (void)state;
    pair with;
    uint8_t got[100];
    open_pair(&with);
    with.client.put = with.core.taken = UINT32_MAX - 10;
    with.client.out->put = with.client.out->taken = UINT32_MAX - 10;
    for (unsigned i = 0; i < 10; i++) {
        uint8_t bytes[7];
        memset(bytes, (int)i, sizeof bytes);
        assert_int_equal(give(&with.client, bytes, sizeof bytes), sizeof bytes);
        assert_int_equal(receive(&with.core, got, sizeof got), sizeof bytes);
        assert_memory_equal(got, bytes, sizeof bytes);
    }
    close_pair(&with);
}

/* Every count that the other side may write, near what is possible and far from it: never more than
 * the lane, never a place outside, and an error for what can't be. */
static void shared_receive__counts_that_lie__refused_or_bounded(void **state)
{
    (void)state;
    pair with;
    static uint8_t got[2 * ZC_SHARED_BYTES];
    open_pair(&with);
    for (uint32_t taken = 0; taken < 3; taken++) {
        for (int64_t lie = -5; lie < (int64_t)ZC_SHARED_BYTES + 5;
             lie += 1 + (lie > 5 && lie < 131060 ? 1009 : 0)) {
            size_t len = 99;
            with.core.taken = taken * 0x7fffffff;
            with.client.out->put = with.core.taken + (uint32_t)lie;
            zc_result result = zc_shared_receive(&with.core, got, sizeof got, &len);
            bool possible = lie >= 0 && lie <= (int64_t)ZC_SHARED_BYTES;
            assert_int_equal(zc_ok(result), possible);
            assert_int_equal(len, possible ? (size_t)lie : 99);
        }
    }
    close_pair(&with);
}

static void shared_send__counts_that_lie__refused(void **state)
{
    (void)state;
    pair with;
    size_t sent = 99;
    open_pair(&with);
    with.core.put = 1000;
    with.client.in->taken = 1001; /* more than was ever put */
    assert_true(
        zc_is(zc_shared_send(&with.core, (const uint8_t *)"x", 1, &sent), ZC_RUNTIME_BAD_SHARED));
    with.client.in->taken = 1000 - ZC_SHARED_BYTES - 1; /* less than the lane holds */
    assert_true(
        zc_is(zc_shared_send(&with.core, (const uint8_t *)"x", 1, &sent), ZC_RUNTIME_BAD_SHARED));
    assert_int_equal(sent, 99);
    close_pair(&with);
}

/* What an end has published is nothing that it reads back. */
static void shared__own_counts_overwritten__are_not_believed(void **state)
{
    (void)state;
    pair with;
    uint8_t got[16];
    open_pair(&with);
    assert_int_equal(give(&with.client, (const uint8_t *)"abcdef", 6), 6);
    assert_int_equal(receive(&with.core, got, 3), 3);
    with.client.out->taken = 0x12345678; /* core's own count of what it has taken */
    with.client.in->put = 0x87654321;    /* and of what it has put */
    assert_int_equal(receive(&with.core, got, sizeof got), 3);
    assert_memory_equal(got, "def", 3);
    assert_int_equal(give(&with.core, (const uint8_t *)"xyz", 3), 3);
    assert_int_equal(receive(&with.client, got, sizeof got), 3);
    assert_memory_equal(got, "xyz", 3);
    close_pair(&with);
}

static void shared_make__its_size__can_not_be_changed(void **state)
{
    (void)state;
    pair with;
    open_pair(&with);
    assert_int_not_equal(ftruncate(with.fd, 0), 0);
    assert_int_not_equal(ftruncate(with.fd, 2 * (off_t)ZC_SHARED_SIZE), 0);
    assert_int_not_equal(fcntl(with.fd, F_ADD_SEALS, F_SEAL_WRITE), 0);
    close_pair(&with);
}

static void shared_map__what_is_no_sealed_memory__refused(void **state)
{
    (void)state;
    void *memory;
    int fd = memfd_create("other", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    assert_true(fd >= 0);
    assert_int_equal(ftruncate(fd, (off_t)ZC_SHARED_SIZE), 0);
    assert_true(zc_is(zc_shared_map(fd, &memory), ZC_RUNTIME_BAD_SHARED));
    assert_int_equal(ftruncate(fd, 4096), 0);
    assert_int_equal(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW), 0);
    assert_true(zc_is(zc_shared_map(fd, &memory), ZC_RUNTIME_BAD_SHARED));
    close(fd);
    fd = open("/dev/null", O_RDWR | O_CLOEXEC);
    assert_true(zc_is(zc_shared_map(fd, &memory), ZC_RUNTIME_BAD_SHARED));
    close(fd);
}

static void shared_bell__is_wanted_once_by_whoever_sleeps(void **state)
{
    (void)state;
    pair with;
    uint8_t got[8];
    open_pair(&with);
    assert_int_equal(give(&with.client, (const uint8_t *)"a", 1), 1);
    assert_false(zc_shared_must_ring(&with.client));
    assert_int_equal(receive(&with.core, got, 8), 1);
    zc_shared_arm(&with.core, false);
    assert_int_equal(give(&with.client, (const uint8_t *)"b", 1), 1);
    assert_true(zc_shared_must_ring(&with.client));
    assert_false(zc_shared_must_ring(&with.client));
    zc_shared_arm(&with.client, true);
    assert_int_equal(receive(&with.core, got, 8), 1);
    assert_true(zc_shared_must_ring(&with.core));
    zc_shared_arm(&with.client, true);
    zc_shared_disarm(&with.client);
    assert_false(zc_shared_must_ring(&with.core));
    close_pair(&with);
}

static void *write_all(void *self)
{
    pair *with = self;
    uint32_t noise = 1;
    for (size_t at = 0; at < ENOUGH;) {
        uint8_t bytes[977];
        noise = noise * 1664525 + 1013904223;
        size_t len = 1 + (noise >> 16) % sizeof bytes;
        len = len > ENOUGH - at ? ENOUGH - at : len;
        for (size_t i = 0; i < len; i++) {
            bytes[i] = (uint8_t)((at + i) * 31 >> 3);
        }
        size_t sent = 0;
        while (sent < len) {
            sent += give(&with->client, bytes + sent, len - sent);
        }
        at += len;
    }
    return NULL;
}

static void shared__two_threads__nothing_lost_or_torn(void **state)
{
    (void)state;
    pair with;
    pthread_t writer;
    open_pair(&with);
    assert_int_equal(pthread_create(&writer, NULL, write_all, &with), 0);
    for (size_t at = 0; at < ENOUGH;) {
        uint8_t got[1500];
        size_t len = receive(&with.core, got, sizeof got);
        for (size_t i = 0; i < len; i++) {
            assert_int_equal(got[i], (uint8_t)((at + i) * 31 >> 3));
        }
        at += len;
    }
    pthread_join(writer, NULL);
    close_pair(&with);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shared__both_directions__arrive_as_sent),
        cmocka_unit_test(shared__full_lane__takes_no_more_until_read),
        cmocka_unit_test(shared__counts_run_over__goes_on),
        cmocka_unit_test(shared_receive__counts_that_lie__refused_or_bounded),
        cmocka_unit_test(shared_send__counts_that_lie__refused),
        cmocka_unit_test(shared__own_counts_overwritten__are_not_believed),
        cmocka_unit_test(shared_make__its_size__can_not_be_changed),
        cmocka_unit_test(shared_map__what_is_no_sealed_memory__refused),
        cmocka_unit_test(shared_bell__is_wanted_once_by_whoever_sleeps),
        cmocka_unit_test(shared__two_threads__nothing_lost_or_torn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
