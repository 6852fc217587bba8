#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <sys/socket.h>
#include <unistd.h>

#include "rig.h"
#include "runtime/core.h"
#include "runtime/front.h"

/* Twice as many as have their keys prepared; each is two descriptors of this process. */
#define SESSIONS (2 * ZC_CORE_AWAKE)

static const rig_options patient = {
    .first_record_ms = 60000, .fair_ms = 20, .max_sessions = SESSIONS};

static size_t record_hello(uint8_t *ret_hello, size_t capacity)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
    SSL *ssl = SSL_new(ctx);
    BIO *out = BIO_new(BIO_s_mem());
    SSL_set_bio(ssl, BIO_new(BIO_s_mem()), out);
    (void)SSL_connect(ssl);
    int len = BIO_read(out, ret_hello, (int)capacity);
    SSL_free(ssl);
    SSL_CTX_free(ctx);
    assert_true(len > 0);
    return (size_t)len;
}

/* Fills what can be filled: every place for a session, every place for a handshake. */
static void fill(rig_pair *rig, rig_client *client, size_t count)
{
    enum { SLOW = 400 };
    static int slow[SLOW];
    uint8_t hello[2048];
    size_t len = record_hello(hello, sizeof hello);
    for (size_t i = 0; i < count; i++) {
        rig_open(rig, &client[i]);
    }
    for (size_t i = 0; i < SLOW; i++) {
        slow[i] = rig_connect(rig);
        assert_int_equal(send(slow[i], hello, len, MSG_NOSIGNAL), (ssize_t)len);
    }
    for (size_t i = 0; i < count; i++) {
        rig_expect_echo(&client[i], "echo");
    }
    rig_client late;
    rig_close(&client[0]);
    rig_open(rig, &late);
    rig_expect_echo(&late, "echo");
    rig_close(&late);
    for (size_t i = 0; i < SLOW; i++) {
        close(slow[i]);
    }
    for (size_t i = 1; i < count; i++) {
        rig_close(&client[i]);
    }
}

static void arenas__everything_full__stay_within_bounds(void **state)
{
    (void)state;
    static rig_client client[SESSIONS];
    rig_pair rig;
    rig_start(&rig, &patient);
    fill(&rig, client, SESSIONS);
    /* Installed, used, never short of memory, and with a quarter to spare. */
    assert_in_range(rig.core_arena->peak, 1 << 20, ZC_CORE_ARENA * 3 / 4);
    assert_in_range(rig.front_arena->peak, 1 << 20, ZC_FRONT_ARENA * 3 / 4);
    assert_int_equal(rig.core_arena->refused, 0);
    assert_int_equal(rig.front_arena->refused, 0);
    size_t core = rig.core_arena->carved, front = rig.front_arena->carved;
    /* A second time: what was freed is found again, so nothing leaks and nothing grows. */
    fill(&rig, client, SESSIONS - 8);
    assert_true(rig.core_arena->carved <= core + core / 16);
    assert_true(rig.front_arena->carved <= front + front / 16);
    rig_stop(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arenas__everything_full__stay_within_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
