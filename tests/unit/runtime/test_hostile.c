#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "rig.h"

static const rig_options patient = {0};
static const rig_options hasty = {
    .first_record_ms = 300, .record_ms = 300, .drain_ms = 300, .handshake_ms = 300, .fair_ms = 100};

typedef struct counts {
    size_t core;
    size_t front;
} counts;

static counts count(const rig_pair *rig)
{
    return (counts){.core = rig_descriptors(rig->core), .front = rig_descriptors(rig->front)};
}

/* A well-behaved client is still served, and no descriptor has been left behind. */
static void expect_unharmed(const rig_pair *rig, counts before)
{
    rig_client client;
    rig_open(rig, &client);
    rig_expect_echo(&client, "e still here");
    rig_close(&client);
    rig_expect_descriptors(rig->core, before.core);
    rig_expect_descriptors(rig->front, before.front);
}

static void front__garbage_instead_of_hello__is_closed_at_once(void **state)
{
    (void)state;
    static const char *const garbage[] = {"GET / HTTP/1.1\r\n\r\n", "\x16\x03\x01\xff\xff", "\x80",
                                          "\x17\x03\x03\x01\x01", "\x16\x02\x01\x01\x01"};
    rig_pair rig;
    rig_start(&rig, &patient);
    counts before = count(&rig);
    for (size_t i = 0; i < sizeof garbage / sizeof garbage[0]; i++) {
        int fd = rig_connect(&rig);
        assert_true(send(fd, garbage[i], strlen(garbage[i]), 0) > 0);
        assert_true(rig_is_closed(fd));
        close(fd);
    }
    expect_unharmed(&rig, before);
    rig_stop(&rig);
}

/* Records a real ClientHello: what a client sends to a peer that says nothing. */
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

static void front__hello_with_any_byte_altered__harms_nobody(void **state)
{
    (void)state;
    uint8_t hello[2048], drain[8192];
    size_t len = record_hello(hello, sizeof hello);
    rig_pair rig;
    rig_start(&rig, &hasty);
    counts before = count(&rig);
    for (size_t i = 0; i < len; i++) {
        int fd = rig_connect(&rig);
        hello[i] ^= 0x55;
        assert_int_equal(send(fd, hello, len, MSG_NOSIGNAL), (ssize_t)len);
        hello[i] ^= 0x55;
        /* Garbage where Finished should be, if it got that far. */
        (void)send(fd, drain, 600, MSG_NOSIGNAL);
        shutdown(fd, SHUT_WR);
        while (recv(fd, drain, sizeof drain, 0) > 0) {
        }
        close(fd);
    }
    expect_unharmed(&rig, before);
    rig_stop(&rig);
}

static void front__tls_12__is_refused(void **state)
{
    (void)state;
    rig_pair rig;
    rig_client client;
    rig_start(&rig, &patient);
    counts before = count(&rig);
    int fd = rig_connect(&rig);
    assert_false(rig_handshake(fd, TLS1_2_VERSION, &client));
    close(fd);
    expect_unharmed(&rig, before);
    rig_stop(&rig);
}

static void front__slow_handshake__is_dropped_at_its_deadline(void **state)
{
    (void)state;
    uint8_t hello[2048], drain[8192];
    size_t len = record_hello(hello, sizeof hello);
    rig_pair rig;
    rig_start(&rig, &hasty);
    counts before = count(&rig);
    int silent = rig_connect(&rig);
    int half = rig_connect(&rig);
    int waiting = rig_connect(&rig);
    assert_int_equal(send(half, hello, len / 2, 0), (ssize_t)(len / 2));
    assert_int_equal(send(waiting, hello, len, 0), (ssize_t)len);
    assert_true(rig_is_closed(silent));
    assert_true(rig_is_closed(half));
    while (recv(waiting, drain, sizeof drain, 0) > 0) {
    }
    close(silent);
    close(half);
    close(waiting);
    expect_unharmed(&rig, before);
    rig_stop(&rig);
}

static void front__places_taken_by_the_slow__are_found_for_others(void **state)
{
    (void)state;
    enum { SLOW = 700 };
    static int slow[SLOW];
    uint8_t hello[2048];
    size_t len = record_hello(hello, sizeof hello);
    const rig_options options = {.fair_ms = 100};
    rig_pair rig;
    rig_start(&rig, &options);
    counts before = count(&rig);
    for (int i = 0; i < SLOW; i++) {
        slow[i] = rig_connect(&rig);
        if (i % 2 == 0) {
            assert_int_equal(send(slow[i], hello, len, MSG_NOSIGNAL), (ssize_t)len);
        }
    }
    rig_client client;
    rig_open(&rig, &client);
    rig_expect_echo(&client, "echo");
    rig_close(&client);
    for (int i = 0; i < SLOW; i++) {
        close(slow[i]);
    }
    expect_unharmed(&rig, before);
    rig_stop(&rig);
}

static void core__garbage_after_the_handshake__is_closed_without_a_word(void **state)
{
    (void)state;
    rig_pair rig;
    rig_client client;
    uint8_t garbage[64];
    rig_start(&rig, &patient);
    counts before = count(&rig);
    for (int kind = 0; kind < 4; kind++) {
        static const uint8_t head[4][4] = {
            {0xff, 0xff, 0xff, 0xff}, {0, 0, 0, 60}, {0, 0, 0, 3}, {0, 1, 0, 17}};
        memset(garbage, 0x41, sizeof garbage);
        memcpy(garbage, head[kind], 4);
        rig_open(&rig, &client);
        assert_int_equal(send(client.fd, garbage, sizeof garbage, 0), sizeof garbage);
        assert_true(rig_is_closed(client.fd));
        rig_close(&client);
    }
    expect_unharmed(&rig, before);
    rig_stop(&rig);
}

/* Seals one request without sending it. */
static size_t seal(rig_client *client, const char *text, uint8_t *ret_record)
{
    zc_writer writer = zc_writer_of(ret_record, 256);
    assert_true(zc_ok(zc_record_seal(&client->sealer, zc_slice_of_text(text), &writer)));
    return zc_writer_len(&writer);
}

static void core__record_altered_at_any_byte__ends_the_session(void **state)
{
    (void)state;
    rig_pair rig;
    rig_client client;
    uint8_t record[256];
    rig_start(&rig, &patient);
    counts before = count(&rig);
    for (size_t i = 0; i < 25; i++) {
        rig_open(&rig, &client);
        rig_expect_echo(&client, "e first");
        size_t len = seal(&client, "echo!", record);
        assert_int_equal(len, 25);
        record[i] ^= 1;
        assert_int_equal(send(client.fd, record, len, 0), (ssize_t)len);
        shutdown(client.fd, SHUT_WR);
        assert_true(rig_is_closed(client.fd));
        rig_close(&client);
    }
    expect_unharmed(&rig, before);
    rig_stop(&rig);
}

static void core__records_replayed_reordered_dropped__end_the_session(void **state)
{
    (void)state;
    rig_pair rig;
    rig_client client;
    uint8_t record[2][256], reply[16];
    rig_start(&rig, &patient);
    for (int kind = 0; kind < 3; kind++) {
        rig_open(&rig, &client);
        size_t len = seal(&client, "echo1", record[0]);
        assert_int_equal(seal(&client, "echo2", record[1]), len);
        if (kind == 0) {
            assert_int_equal(send(client.fd, record[0], len, 0), (ssize_t)len);
            assert_int_equal(rig_receive(&client, reply, sizeof reply), 5);
        }
        assert_int_equal(send(client.fd, record[kind == 0 ? 0 : 1], len, 0), (ssize_t)len);
        assert_true(rig_is_closed(client.fd));
        rig_close(&client);
    }
    rig_stop(&rig);
}

static void core__record_of_another_session__ends_the_session(void **state)
{
    (void)state;
    rig_pair rig;
    rig_client one, other;
    uint8_t record[256];
    rig_start(&rig, &patient);
    rig_open(&rig, &one);
    rig_open(&rig, &other);
    size_t len = seal(&one, "echo", record);
    assert_int_equal(send(other.fd, record, len, 0), (ssize_t)len);
    assert_true(rig_is_closed(other.fd));
    assert_int_equal(send(one.fd, record, len, 0), (ssize_t)len);
    assert_int_equal(rig_receive(&one, record, sizeof record), 4);
    rig_close(&one);
    rig_close(&other);
    rig_stop(&rig);
}

static void core__oversize_records__end_the_session(void **state)
{
    (void)state;
    static uint8_t plain[4000];
    rig_pair rig;
    rig_client client;
    rig_start(&rig, &patient);
    counts before = count(&rig);
    /* The first record comes from who knows whom: it must be small. */
    rig_open(&rig, &client);
    memset(plain, 'e', sizeof plain);
    rig_send(&client, plain, sizeof plain);
    assert_true(rig_is_closed(client.fd));
    rig_close(&client);
    /* Later ones may be long, up to the limit. */
    rig_open(&rig, &client);
    rig_expect_echo(&client, "e first");
    assert_int_equal(send(client.fd, "\x00\x01\x00\x11", 4, 0), 4);
    assert_true(rig_is_closed(client.fd));
    rig_close(&client);
    expect_unharmed(&rig, before);
    rig_stop(&rig);
}

static void core__half_a_record_then_close__leaves_nothing(void **state)
{
    (void)state;
    rig_pair rig;
    rig_client client;
    uint8_t record[256];
    rig_start(&rig, &patient);
    counts before = count(&rig);
    for (size_t cut = 0; cut < 25; cut++) {
        rig_open(&rig, &client);
        size_t len = seal(&client, "echo!", record);
        assert_true(cut < len);
        if (cut > 0) {
            assert_int_equal(send(client.fd, record, cut, 0), (ssize_t)cut);
        }
        rig_close(&client);
    }
    expect_unharmed(&rig, before);
    rig_stop(&rig);
}

static void core__silence_and_half_records__are_closed_at_their_deadlines(void **state)
{
    (void)state;
    rig_pair rig;
    rig_client silent, half, idle;
    rig_start(&rig, &hasty);
    rig_open(&rig, &idle);
    rig_expect_echo(&idle, "echo");
    rig_open(&rig, &silent);
    rig_open(&rig, &half);
    rig_expect_echo(&half, "echo");
    assert_int_equal(send(half.fd, "\x00\x00\x00\x20only", 8, 0), 8);
    assert_true(rig_is_closed(silent.fd));
    assert_true(rig_is_closed(half.fd));
    /* Between records a session may be idle for as long as it likes. */
    rig_expect_echo(&idle, "echo");
    rig_close(&silent);
    rig_close(&half);
    rig_close(&idle);
    rig_stop(&rig);
}

/* Sixty-four sessions hold half of a long record each, and others still get theirs through. */
static void core__long_buffers_all_taken__come_back_at_the_deadline(void **state)
{
    (void)state;
    enum { GREEDY = 70 };
    static rig_client greedy[GREEDY];
    static uint8_t plain[5000], reply[5000];
    rig_pair rig;
    rig_client client;
    const rig_options options = {.record_ms = 500};
    rig_start(&rig, &options);
    counts before = count(&rig);
    for (int i = 0; i < GREEDY; i++) {
        rig_open(&rig, &greedy[i]);
        rig_expect_echo(&greedy[i], "echo");
        assert_int_equal(send(greedy[i].fd, "\x00\x00\xff\x00 half", 9, 0), 9);
    }
    rig_open(&rig, &client);
    rig_expect_echo(&client, "echo");
    for (int i = 0; i < GREEDY; i++) {
        assert_true(rig_is_closed(greedy[i].fd));
        rig_close(&greedy[i]);
    }
    memset(plain, 'e', sizeof plain);
    rig_send(&client, plain, sizeof plain);
    assert_int_equal(rig_receive(&client, reply, sizeof reply), sizeof reply);
    rig_close(&client);
    expect_unharmed(&rig, before);
    rig_stop(&rig);
}

static void core__reader_that_never_reads__is_paused_then_closed(void **state)
{
    (void)state;
    rig_pair rig;
    rig_client deaf, other;
    uint8_t frame[16];
    const rig_options options = {.drain_ms = 1500};
    rig_start(&rig, &options);
    counts before = count(&rig);
    rig_open(&rig, &deaf);
    for (int i = 0; i < 100; i++) {
        rig_send(&deaf, "b", 1); /* 6 MB of replies in all */
    }
    /* Nobody else notices. */
    rig_open(&rig, &other);
    for (int i = 0; i < 200; i++) {
        rig_expect_echo(&other, "echo");
    }
    assert_int_equal(rig_host_receive(&rig, 'D', frame, sizeof frame), 9);
    rig_close(&other);
    rig_close(&deaf);
    expect_unharmed(&rig, before);
    rig_stop(&rig);
}

static void core__reader_that_reads_late__gets_every_reply(void **state)
{
    (void)state;
    enum { COUNT = 100 };
    static uint8_t reply[RIG_BIG];
    rig_pair rig;
    rig_client late;
    rig_start(&rig, &patient);
    rig_open(&rig, &late);
    for (int i = 0; i < COUNT; i++) {
        rig_send(&late, "b", 1);
    }
    nanosleep(&(struct timespec){.tv_nsec = 200000000}, NULL);
    for (int i = 0; i < COUNT; i++) {
        assert_int_equal(rig_receive(&late, reply, sizeof reply), RIG_BIG);
        assert_int_equal(reply[RIG_BIG - 1], 'b');
    }
    rig_expect_echo(&late, "echo");
    rig_close(&late);
    rig_stop(&rig);
}

static void core__client_gone_while_replies_wait__leaves_nothing(void **state)
{
    (void)state;
    rig_pair rig;
    rig_client client;
    uint8_t frame[16];
    rig_start(&rig, &patient);
    counts before = count(&rig);
    for (uint64_t i = 1; i <= 20; i++) {
        rig_open(&rig, &client);
        rig_send(&client, "s", 1);
        assert_int_equal(rig_host_receive(&rig, 'S', frame, sizeof frame), 9);
        rig_close(&client);
    }
    assert_int_equal(rig_host_receive(&rig, 'D', frame, sizeof frame), 9);
    rig_ack(&rig, 20);
    expect_unharmed(&rig, before);
    rig_stop(&rig);
}

/* More sessions than there are places: the silent make room, those who speak keep theirs. */
static void core__table_full_of_silence__still_takes_those_who_speak(void **state)
{
    (void)state;
    enum { PLACES = 300, COUNT = PLACES + 16 };
    static rig_client client[COUNT];
    const rig_options options = {.first_record_ms = 60000, .max_sessions = PLACES};
    rig_pair rig;
    rig_client speaker, late;
    rig_start(&rig, &options);
    counts before = count(&rig);
    rig_open(&rig, &speaker);
    rig_expect_echo(&speaker, "echo");
    for (int i = 0; i < COUNT; i++) {
        rig_open(&rig, &client[i]);
    }
    rig_open(&rig, &late);
    rig_expect_echo(&late, "echo");
    rig_expect_echo(&speaker, "echo");
    assert_true(rig_is_closed(client[0].fd));
    assert_int_equal(rig_descriptors(rig.core), before.core + PLACES);
    for (int i = 0; i < COUNT; i++) {
        rig_close(&client[i]);
    }
    rig_close(&speaker);
    rig_close(&late);
    expect_unharmed(&rig, before);
    rig_stop(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(front__garbage_instead_of_hello__is_closed_at_once),
        cmocka_unit_test(front__hello_with_any_byte_altered__harms_nobody),
        cmocka_unit_test(front__tls_12__is_refused),
        cmocka_unit_test(front__slow_handshake__is_dropped_at_its_deadline),
        cmocka_unit_test(front__places_taken_by_the_slow__are_found_for_others),
        cmocka_unit_test(core__garbage_after_the_handshake__is_closed_without_a_word),
        cmocka_unit_test(core__record_altered_at_any_byte__ends_the_session),
        cmocka_unit_test(core__records_replayed_reordered_dropped__end_the_session),
        cmocka_unit_test(core__record_of_another_session__ends_the_session),
        cmocka_unit_test(core__oversize_records__end_the_session),
        cmocka_unit_test(core__half_a_record_then_close__leaves_nothing),
        cmocka_unit_test(core__silence_and_half_records__are_closed_at_their_deadlines),
        cmocka_unit_test(core__long_buffers_all_taken__come_back_at_the_deadline),
        cmocka_unit_test(core__reader_that_never_reads__is_paused_then_closed),
        cmocka_unit_test(core__reader_that_reads_late__gets_every_reply),
        cmocka_unit_test(core__client_gone_while_replies_wait__leaves_nothing),
        cmocka_unit_test(core__table_full_of_silence__still_takes_those_who_speak),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
