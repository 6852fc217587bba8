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

static void session__requests__are_answered(void **state)
{
    (void)state;
    rig_pair rig;
    rig_client client;
    rig_start(&rig, &patient);
    rig_open(&rig, &client);
    for (int i = 0; i < 100; i++) {
        rig_expect_echo(&client, "echo this");
    }
    rig_close(&client);
    uint8_t frame[16];
    assert_int_equal(rig_host_receive(&rig, 'O', frame, sizeof frame), 9);
    assert_int_equal(rig_host_receive(&rig, 'D', frame, sizeof frame), 9);
    rig_stop(&rig);
}

static void session__security_module_and_wrapping_key__are_asked(void **state)
{
    (void)state;
    rig_pair rig;
    rig_client client;
    uint8_t reply[64];
    rig_start(&rig, &patient);
    rig_open(&rig, &client);
    rig_expect_echo(&client, "nsm, give this back");
    rig_send(&client, "no", 2);
    assert_int_equal(rig_receive(&client, reply, sizeof reply), 0);
    rig_send(&client, "w", 1);
    assert_int_equal(rig_receive(&client, reply, sizeof reply), 32);
    assert_int_equal(reply[31], 'w');
    rig_close(&client);
    rig_stop(&rig);
}

static void reply__that_rests_on_an_entry__waits_for_its_acknowledgement(void **state)
{
    (void)state;
    rig_pair rig;
    rig_client client;
    uint8_t frame[16], reply[16];
    rig_start(&rig, &patient);
    rig_open(&rig, &client);
    for (int i = 1; i <= 3; i++) {
        rig_send(&client, (const char[]){'s', (char)i}, 2);
        assert_int_equal(rig_host_receive(&rig, 'S', frame, sizeof frame), 9);
        assert_int_equal(frame[8], i);
    }
    /* What waits for nothing overtakes. */
    rig_expect_echo(&client, "echo");
    rig_ack(&rig, 2);
    for (int i = 1; i <= 2; i++) {
        assert_int_equal(rig_receive(&client, reply, sizeof reply), 2);
        assert_int_equal(reply[1], i);
    }
    rig_expect_echo(&client, "echo");
    assert_int_equal(recv(client.fd, reply, 1, MSG_DONTWAIT), -1);
    rig_ack(&rig, 3);
    assert_int_equal(rig_receive(&client, reply, sizeof reply), 2);
    assert_int_equal(reply[1], 3);
    rig_close(&client);
    rig_stop(&rig);
}

static void session__more_requests_than_may_wait__continues_after_acknowledgements(void **state)
{
    (void)state;
    enum { COUNT = 150 }; /* all of them fit the socket while core does not listen */
    rig_pair rig;
    rig_client client;
    uint8_t frame[16], reply[16];
    rig_start(&rig, &patient);
    rig_open(&rig, &client);
    for (int i = 0; i < COUNT; i++) {
        rig_send(&client, "s", 1);
    }
    for (uint64_t i = 1; i <= COUNT; i++) {
        assert_int_equal(rig_host_receive(&rig, 'S', frame, sizeof frame), 9);
        assert_int_equal(frame[7] * 256 + frame[8], i);
        rig_ack(&rig, i);
        assert_int_equal(rig_receive(&client, reply, sizeof reply), 1);
    }
    rig_close(&client);
    rig_stop(&rig);
}

static void close__by_the_machine__comes_after_the_replies(void **state)
{
    (void)state;
    rig_pair rig;
    rig_client client;
    uint8_t frame[16], reply[16];
    rig_start(&rig, &patient);
    size_t before = rig_descriptors(rig.core);
    rig_open(&rig, &client);
    rig_expect_echo(&client, "c");
    assert_true(rig_is_closed(client.fd));
    rig_close(&client);
    rig_open(&rig, &client);
    rig_send(&client, "C", 1);
    assert_int_equal(rig_host_receive(&rig, 'S', frame, sizeof frame), 9);
    rig_send(&client, "e", 1); /* not heard any more */
    rig_ack(&rig, 1);
    assert_int_equal(rig_receive(&client, reply, sizeof reply), 1);
    assert_int_equal(reply[0], 'C');
    assert_true(rig_is_closed(client.fd));
    rig_close(&client);
    rig_expect_descriptors(rig.core, before);
    rig_stop(&rig);
}

static void records__split_and_joined_anyhow__are_the_same_records(void **state)
{
    (void)state;
    rig_pair rig;
    rig_client client;
    static uint8_t stream[200000], reply[ZC_RECORD_MAX_PLAIN], plain[ZC_RECORD_MAX_PLAIN];
    static const size_t lens[] = {1, 2000, 2028, 2029, 2048, 5, 40000, 7, 65536, 300, 1};
    zc_writer writer = ZC_WRITER_OF_ARRAY(stream);
    rig_start(&rig, &patient);
    rig_open(&rig, &client);
    memset(plain, 'e', sizeof plain);
    for (size_t i = 0; i < sizeof lens / sizeof lens[0]; i++) {
        assert_true(zc_ok(zc_record_seal(&client.sealer, zc_slice_of(plain, lens[i]), &writer)));
    }
    size_t sizes[] = {1, 3, 700, 2047, 30000}, sent = 0, answered = 0;
    for (size_t i = 0; answered < sizeof lens / sizeof lens[0];) {
        size_t left = zc_writer_len(&writer) - sent;
        size_t len = sizes[i++ % 5] < left ? sizes[(i - 1) % 5] : left;
        if (len > 0) {
            ssize_t now = send(client.fd, stream + sent, len, MSG_DONTWAIT);
            sent += now > 0 ? (size_t)now : 0;
        }
        uint8_t byte;
        while (recv(client.fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 1) {
            assert_int_equal(rig_receive(&client, reply, sizeof reply), (ssize_t)lens[answered++]);
        }
    }
    rig_close(&client);
    rig_stop(&rig);
}

static void core__five_hundred_sessions__serves_them_all(void **state)
{
    (void)state;
    enum { COUNT = 500 };
    static rig_client client[COUNT];
    rig_pair rig;
    rig_start(&rig, &patient);
    size_t core = rig_descriptors(rig.core), front = rig_descriptors(rig.front);
    for (int i = 0; i < COUNT; i++) {
        rig_open(&rig, &client[i]);
        rig_expect_echo(&client[i], "echo");
    }
    assert_int_equal(rig_descriptors(rig.core), core + COUNT);
    for (int i = 0; i < COUNT; i++) {
        rig_expect_echo(&client[i], "echo again");
    }
    for (int i = 0; i < COUNT; i++) {
        rig_close(&client[i]);
    }
    rig_expect_descriptors(rig.core, core);
    rig_expect_descriptors(rig.front, front);
    rig_stop(&rig);
}

static void host__that_stops_reading__pauses_requests_and_loses_none(void **state)
{
    (void)state;
    enum { FLOODS = 24, COUNT = 20 };
    rig_pair rig;
    rig_client client;
    uint8_t frame[RIG_BIG], reply[16];
    rig_start(&rig, &patient);
    rig_open(&rig, &client);
    rig_expect_echo(&client, "echo");
    for (int i = 0; i < FLOODS; i++) {
        rig_host_send(&rig, "f", 1); /* half a mebibyte back, unread */
    }
    for (int i = 0; i < COUNT; i++) {
        rig_send(&client, "s", 1);
    }
    for (int i = 1; i <= COUNT; i++) {
        assert_int_equal(rig_host_receive(&rig, 'S', frame, sizeof frame), 9);
        assert_int_equal(frame[8], i);
    }
    rig_ack(&rig, COUNT);
    for (int i = 0; i < COUNT; i++) {
        assert_int_equal(rig_receive(&client, reply, sizeof reply), 1);
    }
    rig_close(&client);
    rig_stop(&rig);
}

static void evidence__renewed__is_what_new_sessions_see(void **state)
{
    (void)state;
    rig_pair rig;
    rig_client first, second;
    rig_start(&rig, &patient);
    rig_open(&rig, &first);
    for (int i = 0; i < 5; i++) {
        rig_host_send(&rig, "r", 1);
        rig_open(&rig, &second);
        rig_expect_echo(&second, "echo");
        rig_close(&second);
    }
    rig_expect_echo(&first, "echo");
    rig_close(&first);
    rig_stop(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(session__requests__are_answered),
        cmocka_unit_test(session__security_module_and_wrapping_key__are_asked),
        cmocka_unit_test(reply__that_rests_on_an_entry__waits_for_its_acknowledgement),
        cmocka_unit_test(session__more_requests_than_may_wait__continues_after_acknowledgements),
        cmocka_unit_test(close__by_the_machine__comes_after_the_replies),
        cmocka_unit_test(records__split_and_joined_anyhow__are_the_same_records),
        cmocka_unit_test(core__five_hundred_sessions__serves_them_all),
        cmocka_unit_test(host__that_stops_reading__pauses_requests_and_loses_none),
        cmocka_unit_test(evidence__renewed__is_what_new_sessions_see),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
