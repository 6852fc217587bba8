#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/reasons.h"
#include "runtime/descriptor.h"
#include "runtime/held.h"
#include "runtime/hello.h"
#include "runtime/link.h"

static void ring__random_puts_and_takes__keeps_order(void **state)
{
    (void)state;
    uint8_t memory[64], chunk[64];
    zc_ring ring = {.data = memory, .capacity = sizeof memory};
    uint8_t in = 0, out = 0;
    srand(2);
    for (int round = 0; round < 100000; round++) {
        size_t len = (size_t)rand() % (zc_ring_left(&ring) + 1);
        for (size_t i = 0; i < len; i++) {
            chunk[i] = in++;
        }
        assert_true(zc_ok(zc_ring_put(&ring, zc_slice_of(chunk, len))));
        len = (size_t)rand() % (zc_ring_len(&ring) + 1);
        assert_true(zc_ok(zc_ring_take(&ring, chunk, len)));
        for (size_t i = 0; i < len; i++) {
            assert_int_equal(chunk[i], out++);
        }
    }
    assert_true(zc_is(zc_ring_take(&ring, chunk, zc_ring_len(&ring) + 1), ZC_BASE_TRUNCATED));
    assert_true(
        zc_is(zc_ring_put(&ring, zc_slice_of(chunk, zc_ring_left(&ring) + 1)), ZC_BASE_FULL));
}

static void held__ordinals__leave_in_order_and_not_before(void **state)
{
    (void)state;
    static zc_held held;
    uint8_t bytes[16];
    zc_buffer buffer = {.data = bytes, .len = sizeof bytes};
    zc_held_reply reply;
    zc_held_init(&held);
    assert_false(zc_held_take(&held, UINT64_MAX, buffer, &reply));
    for (uint64_t ordinal = 1; ordinal <= 3; ordinal++) {
        assert_true(
            zc_ok(zc_held_put(&held, &(zc_held_reply){.session = 100 + ordinal, .ordinal = ordinal},
                              zc_slice_of_text("reply"))));
    }
    assert_false(zc_held_take(&held, 0, buffer, &reply));
    assert_true(zc_held_take(&held, 2, buffer, &reply));
    assert_int_equal(reply.session, 101);
    assert_int_equal(reply.len, 5);
    assert_memory_equal(bytes, "reply", 5);
    assert_true(zc_held_take(&held, 2, buffer, &reply));
    assert_false(zc_held_take(&held, 2, buffer, &reply));
    assert_int_equal(held.count, 1);
    assert_true(zc_held_take(&held, 3, buffer, &reply));
    assert_int_equal(held.count, 0);
}

static void held__filled__says_so_before_it_refuses(void **state)
{
    (void)state;
    static zc_held held;
    static uint8_t bytes[1000];
    size_t roomy = 0;
    zc_held_init(&held);
    while (zc_ok(zc_held_put(&held, &(zc_held_reply){.session = 1, .ordinal = 1},
                             ZC_SLICE_OF_ARRAY(bytes)))) {
        roomy += zc_held_has_room(&held, 64, 1 << 19);
    }
    assert_true(held.count * 1000 > ZC_HELD_BYTES * 9 / 10);
    assert_in_range(roomy, held.count / 2, held.count - 600);
}

static void hello__plausible_prefixes__want_more(void **state)
{
    (void)state;
    uint8_t hello[5 + 200] = {22, 3, 1, 0, 200, 1, 0, 0, 196};
    for (size_t len = 0; len < sizeof hello; len++) {
        assert_int_equal(zc_hello_look(zc_slice_of(hello, len)), ZC_HELLO_MORE);
    }
    assert_int_equal(zc_hello_look(ZC_SLICE_OF_ARRAY(hello)), ZC_HELLO_WHOLE);
}

static void hello__anything_else__is_wrong_at_the_first_byte_that_tells(void **state)
{
    (void)state;
    static const struct {
        uint8_t byte[9];
        size_t len;
    } wrong[] = {
        {{'G', 'E', 'T'}, 1},
        {{23}, 1},
        {{22, 2}, 2},
        {{22, 3, 1, 0x10, 0}, 5},               /* a record too long */
        {{22, 3, 1, 0, 4}, 5},                  /* a record too short */
        {{22, 3, 1, 0, 200, 2}, 6},             /* not a ClientHello */
        {{22, 3, 1, 0, 200, 1, 1}, 9},          /* 64 KiB announced */
        {{22, 3, 1, 0, 200, 1, 0, 0x40, 0}, 9}, /* 16 KiB announced */
        {{22, 3, 1, 0, 200, 1, 0, 0, 195}, 9},  /* something behind it */
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(zc_hello_look(zc_slice_of(wrong[i].byte, wrong[i].len)), ZC_HELLO_WRONG);
    }
}

static size_t open_descriptors(void)
{
    int probe = dup(0);
    close(probe);
    size_t count = 0;
    for (int fd = 0; fd < 256; fd++) {
        int copy = dup(fd);
        if (copy >= 0) {
            count++;
            close(copy);
        }
    }
    return count;
}

static void packet__with_descriptor__arrives_and_is_the_receivers(void **state)
{
    (void)state;
    int link[2], given[2], passed;
    uint8_t bytes[16];
    zc_buffer buffer = {.data = bytes, .len = sizeof bytes};
    size_t len, before = open_descriptors();
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, link), 0);
    assert_int_equal(pipe(given), 0);
    assert_true(zc_ok(zc_packet_send(link[0], zc_slice_of_text("hello"), given[1])));
    zc_fd_close(&given[1]);
    assert_true(zc_ok(zc_packet_receive(link[1], buffer, &len, &passed)));
    assert_int_equal(len, 5);
    assert_int_equal(write(passed, "x", 1), 1);
    assert_int_equal(read(given[0], bytes, 1), 1);
    assert_true(zc_is(zc_packet_receive(link[1], buffer, &len, &passed), ZC_RUNTIME_WOULD_BLOCK));
    zc_fd_close(&passed);
    assert_true(zc_ok(zc_packet_send(link[0], zc_slice_of_text("plain"), -1)));
    assert_true(zc_ok(zc_packet_receive(link[1], buffer, &len, &passed)));
    assert_int_equal(passed, -1);
    close(link[0]);
    assert_true(zc_is(zc_packet_receive(link[1], buffer, &len, &passed), ZC_RUNTIME_PEER_GONE));
    close(link[1]);
    close(given[0]);
    assert_int_equal(open_descriptors(), before);
}

/* Sends `count` descriptors at once, as zc_packet_send() never would. */
static void send_many(int fd, const void *bytes, size_t len, int passed, size_t count)
{
    union {
        struct cmsghdr header;
        uint8_t byte[CMSG_SPACE(8 * sizeof(int))];
    } control = {0};
    uint8_t copy[64];
    memcpy(copy, bytes, len);
    struct iovec piece = {.iov_base = copy, .iov_len = len};
    struct msghdr message = {.msg_iov = &piece,
                             .msg_iovlen = 1,
                             .msg_control = control.byte,
                             .msg_controllen = CMSG_SPACE(count * sizeof(int))};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(count * sizeof(int));
    for (size_t i = 0; i < count; i++) {
        memcpy(CMSG_DATA(header) + i * sizeof(int), &passed, sizeof passed);
    }
    assert_int_equal(sendmsg(fd, &message, 0), (ssize_t)len);
}

static void packet__too_long_or_with_more_descriptors__leaves_none_behind(void **state)
{
    (void)state;
    int link[2], passed;
    uint8_t bytes[4];
    zc_buffer buffer = {.data = bytes, .len = sizeof bytes};
    size_t len;
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, link), 0);
    size_t before = open_descriptors();
    send_many(link[0], "ab", 2, link[0], 2);
    assert_true(zc_is(zc_packet_receive(link[1], buffer, &len, &passed), ZC_RUNTIME_NO_DESCRIPTOR));
    send_many(link[0], "ab", 2, link[0], 8);
    assert_true(zc_is(zc_packet_receive(link[1], buffer, &len, &passed), ZC_RUNTIME_NO_DESCRIPTOR));
    assert_true(zc_ok(zc_packet_send(link[0], zc_slice_of_text("too long"), link[0])));
    assert_true(zc_is(zc_packet_receive(link[1], buffer, &len, &passed), ZC_RUNTIME_BAD_PACKET));
    assert_int_equal(open_descriptors(), before);
    close(link[0]);
    close(link[1]);
}

static void link__frames_in_pieces__come_out_whole(void **state)
{
    (void)state;
    static zc_link link;
    int pair[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    zc_link_init(&link, pair[0]);
    static const uint8_t stream[] = {0, 0, 0, 2, 'a', 'b', 0, 0, 0, 1, 'c'};
    size_t found = 0;
    for (size_t i = 0; i < sizeof stream; i++) {
        zc_slice frame;
        assert_int_equal(write(pair[1], stream + i, 1), 1);
        assert_true(zc_ok(zc_link_receive(&link)));
        assert_true(zc_ok(zc_link_next(&link, &frame)));
        assert_int_equal(frame.len, i == 5 ? 2 : i == 10 ? 1 : 0);
        found += frame.len;
    }
    assert_int_equal(found, 3);
    close(pair[1]);
    assert_true(zc_is(zc_link_receive(&link), ZC_RUNTIME_PEER_GONE));
    close(pair[0]);
}

static void link__empty_or_too_long_frame__is_refused(void **state)
{
    (void)state;
    static zc_link link;
    static const uint8_t head[2][4] = {{0, 0, 0, 0}, {0, 0x10, 0, 1}};
    for (size_t i = 0; i < 2; i++) {
        int pair[2];
        zc_slice frame;
        assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
        zc_link_init(&link, pair[0]);
        assert_int_equal(write(pair[1], head[i], 4), 4);
        assert_true(zc_ok(zc_link_receive(&link)));
        assert_true(zc_is(zc_link_next(&link, &frame), ZC_RUNTIME_BAD_FRAME));
        close(pair[0]);
        close(pair[1]);
    }
}

static void link__host_that_does_not_read__fills_up_and_loses_nothing(void **state)
{
    (void)state;
    static zc_link link;
    static uint8_t content[100000], back[100000 + 4];
    int pair[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    zc_link_init(&link, pair[0]);
    uint8_t put = 0;
    bool had_room = true;
    for (;; put++) {
        memset(content, put, sizeof content);
        zc_result result = zc_link_put(&link, ZC_SLICE_OF_ARRAY(content));
        if (!zc_ok(result)) {
            assert_true(zc_is(result, ZC_RUNTIME_HOST_STUCK));
            break;
        }
        assert_true(zc_ok(zc_link_flush(&link)));
        had_room = zc_link_has_room(&link);
    }
    assert_false(had_room);
    for (uint8_t i = 0; i < put; i++) {
        for (size_t got = 0; got < sizeof back;) {
            ssize_t now = recv(pair[1], back + got, sizeof back - got, 0);
            assert_true(now > 0);
            got += (size_t)now;
            assert_true(zc_ok(zc_link_flush(&link)));
        }
        assert_int_equal(back[4], i);
        assert_int_equal(back[sizeof back - 1], i);
    }
    assert_true(zc_link_is_flushed(&link) && zc_link_has_room(&link));
    close(pair[1]);
    assert_true(zc_ok(zc_link_put(&link, ZC_SLICE_OF_ARRAY(content))));
    assert_true(zc_is(zc_link_flush(&link), ZC_RUNTIME_PEER_GONE));
    close(pair[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ring__random_puts_and_takes__keeps_order),
        cmocka_unit_test(held__ordinals__leave_in_order_and_not_before),
        cmocka_unit_test(held__filled__says_so_before_it_refuses),
        cmocka_unit_test(hello__plausible_prefixes__want_more),
        cmocka_unit_test(hello__anything_else__is_wrong_at_the_first_byte_that_tells),
        cmocka_unit_test(packet__with_descriptor__arrives_and_is_the_receivers),
        cmocka_unit_test(packet__too_long_or_with_more_descriptors__leaves_none_behind),
        cmocka_unit_test(link__frames_in_pieces__come_out_whole),
        cmocka_unit_test(link__empty_or_too_long_frame__is_refused),
        cmocka_unit_test(link__host_that_does_not_read__fills_up_and_loses_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
