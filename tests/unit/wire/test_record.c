#include "checks.h"

#include "wire/record.h"

/* Both ends of one direction, and records on their way. */
typedef struct line {
    zc_record_end from;
    zc_record_end to;
} line;

static const zc_secret32 key_a = {{0xa1, 2, 3}};
static const zc_secret32 key_b = {{0xb1, 2, 3}};

static line open_line(const zc_secret32 *from, const zc_secret32 *to)
{
    line l;
    assert_ok(zc_record_end_init(&l.from, from));
    assert_ok(zc_record_end_init(&l.to, to));
    return l;
}

static void close_line(line *l)
{
    zc_record_end_clear(&l->from);
    zc_record_end_clear(&l->to);
}

static size_t seal(line *l, const char *text, uint8_t *ret_record, size_t capacity)
{
    zc_writer writer = zc_writer_of(ret_record, capacity);
    assert_ok(zc_record_seal(&l->from, zc_slice_of_text(text), &writer));
    return zc_writer_len(&writer);
}

static void assert_opens(line *l, uint8_t *record, size_t len, const char *text)
{
    zc_slice plain;
    assert_ok(zc_record_open(&l->to, record, len, &plain));
    assert_true(zc_slice_eq_text(plain, text));
}

/* It does not open, and the session is over for what would have opened. */
static void assert_ends(line *l, uint8_t *record, size_t len)
{
    zc_slice plain;
    assert_fails(zc_record_open(&l->to, record, len, &plain), ZC_WIRE_BAD_RECORD);
    assert_fails(zc_record_open(&l->to, record, len, &plain), ZC_WIRE_SESSION_OVER);
}

static void record__in_order__opens_each(void **state)
{
    (void)state;
    line l = open_line(&key_a, &key_a);
    for (int i = 0; i < 100; i++) {
        uint8_t record[64];
        size_t len = seal(&l, i % 2 == 0 ? "" : "a request", record, sizeof record);
        assert_int_equal(len, ZC_RECORD_OVERHEAD + (i % 2 == 0 ? 0 : 9));
        size_t total;
        assert_ok(zc_record_peek_len(zc_slice_of(record, 4), &total));
        assert_int_equal(total, len);
        assert_opens(&l, record, len, i % 2 == 0 ? "" : "a request");
    }
    close_line(&l);
}

static void record__largest_and_one_more__sealed_and_refused(void **state)
{
    (void)state;
    static uint8_t plain[ZC_RECORD_MAX_PLAIN + 1] = {1, 2, 3};
    static uint8_t record[ZC_RECORD_MAX + 1];
    line l = open_line(&key_a, &key_a);
    zc_writer writer = ZC_WRITER_OF_ARRAY(record);
    assert_fails(zc_record_seal(&l.from, ZC_SLICE_OF_ARRAY(plain), &writer), ZC_BASE_TOO_LONG);
    writer = zc_writer_of(record, ZC_RECORD_MAX - 1);
    assert_fails(zc_record_seal(&l.from, zc_slice_of(plain, ZC_RECORD_MAX_PLAIN), &writer),
                 ZC_BASE_FULL);
    assert_int_equal(zc_writer_len(&writer), 0);
    /* Neither has used a number up. */
    writer = zc_writer_of(record, ZC_RECORD_MAX);
    assert_ok(zc_record_seal(&l.from, zc_slice_of(plain, ZC_RECORD_MAX_PLAIN), &writer));
    zc_slice back;
    assert_ok(zc_record_open(&l.to, record, ZC_RECORD_MAX, &back));
    assert_true(zc_slice_eq(back, zc_slice_of(plain, ZC_RECORD_MAX_PLAIN)));
    close_line(&l);
}

static void record_open__any_bit_altered__session_over(void **state)
{
    (void)state;
    uint8_t record[64];
    line probe = open_line(&key_a, &key_a);
    size_t len = seal(&probe, "ten bytes!", record, sizeof record);
    for (size_t bit = 0; bit < 8 * len; bit++) {
        line l = open_line(&key_a, &key_a);
        uint8_t altered[64];
        memcpy(altered, record, len);
        altered[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_ends(&l, altered, len);
        close_line(&l);
    }
    close_line(&probe);
}

static void record_open__altered__no_plaintext_left_behind(void **state)
{
    (void)state;
    uint8_t record[64];
    line l = open_line(&key_a, &key_a);
    size_t len = seal(&l, "ten bytes!", record, sizeof record);
    record[len - 1] ^= 1;
    assert_ends(&l, record, len);
    static const uint8_t zeros[10];
    assert_memory_equal(record + ZC_FRAME_HEAD, zeros, sizeof zeros);
    close_line(&l);
}

static void record_open__cut_or_extended__session_over(void **state)
{
    (void)state;
    uint8_t record[64] = {0};
    line probe = open_line(&key_a, &key_a);
    size_t whole = seal(&probe, "ten bytes!", record, sizeof record);
    for (size_t len = 0; len <= sizeof record; len++) {
        line l = open_line(&key_a, &key_a);
        uint8_t copy[64];
        memcpy(copy, record, sizeof copy);
        if (len == whole) {
            assert_opens(&l, copy, len, "ten bytes!");
        } else {
            assert_ends(&l, copy, len);
            /* Also when the head is made to agree. */
            line m = open_line(&key_a, &key_a);
            memcpy(copy, record, sizeof copy);
            zc_frame_head(len < 4 ? 0 : (uint32_t)len - 4, copy);
            assert_ends(&m, copy, len);
            close_line(&m);
        }
        close_line(&l);
    }
    close_line(&probe);
}

static void record_open__replayed__session_over(void **state)
{
    (void)state;
    uint8_t record[64];
    uint8_t copy[64];
    line l = open_line(&key_a, &key_a);
    size_t len = seal(&l, "pay 1", record, sizeof record);
    memcpy(copy, record, len);
    assert_opens(&l, record, len, "pay 1");
    assert_ends(&l, copy, len);
    close_line(&l);
}

static void record_open__out_of_order_or_one_missing__session_over(void **state)
{
    (void)state;
    uint8_t first[64];
    uint8_t second[64];
    line l = open_line(&key_a, &key_a);
    size_t first_len = seal(&l, "first", first, sizeof first);
    size_t second_len = seal(&l, "second", second, sizeof second);
    assert_ends(&l, second, second_len);
    zc_slice plain;
    assert_fails(zc_record_open(&l.to, first, first_len, &plain), ZC_WIRE_SESSION_OVER);
    close_line(&l);
}

static void record_open__spliced_from_two_records__session_over(void **state)
{
    (void)state;
    uint8_t first[64];
    uint8_t second[64];
    line l = open_line(&key_a, &key_a);
    size_t len = seal(&l, "aaaaaaaaaaaaaaaaaaaa", first, sizeof first);
    assert_int_equal(seal(&l, "bbbbbbbbbbbbbbbbbbbb", second, sizeof second), len);
    memcpy(first + ZC_FRAME_HEAD + 10, second + ZC_FRAME_HEAD + 10, 10);
    assert_ends(&l, first, len);
    close_line(&l);
}

static void record_open__of_another_session_or_direction__session_over(void **state)
{
    (void)state;
    uint8_t record[64];
    line l = open_line(&key_a, &key_b);
    size_t len = seal(&l, "reflected", record, sizeof record);
    assert_ends(&l, record, len);
    close_line(&l);
}

/* Both ends brought to two records before a boundary. */
static line line_near_rekey(void)
{
    line l = open_line(&key_a, &key_a);
    l.from.counter = ZC_RECORD_REKEY_INTERVAL - 2;
    l.to.counter = ZC_RECORD_REKEY_INTERVAL - 2;
    return l;
}

static void record__across_a_rekey__opens_and_the_old_key_is_gone(void **state)
{
    (void)state;
    line l = line_near_rekey();
    for (int i = 0; i < 5; i++) {
        uint8_t record[64];
        size_t len = seal(&l, "across", record, sizeof record);
        bool rekeyed = memcmp(&l.from.key, &key_a, sizeof key_a) != 0;
        assert_int_equal(rekeyed, i >= 2);
        assert_opens(&l, record, len, "across");
        assert_memory_equal(&l.from.key, &l.to.key, sizeof key_a);
    }
    assert_true(l.to.counter == ZC_RECORD_REKEY_INTERVAL + 3);
    zc_secret32 second = l.from.key;
    l.from.counter = l.to.counter = 2 * ZC_RECORD_REKEY_INTERVAL - 1;
    for (int i = 0; i < 2; i++) {
        uint8_t record[64];
        size_t len = seal(&l, "again", record, sizeof record);
        assert_opens(&l, record, len, "again");
    }
    assert_memory_not_equal(&second, &l.from.key, sizeof second);
    close_line(&l);
}

static void record_open__sealed_past_the_boundary_with_the_old_key__session_over(void **state)
{
    (void)state;
    line l = line_near_rekey();
    uint8_t record[64];
    for (int i = 0; i < 2; i++) {
        size_t len = seal(&l, "before", record, sizeof record);
        assert_opens(&l, record, len, "before");
    }
    /* The sender "forgets" to rekey: same number, old key. */
    const uint8_t nonce[12] = {[8] = 1};
    zc_frame_head(5 + ZC_RECORD_TAG, record);
    assert_ok(zc_aead_seal(&l.from.aead, nonce, zc_slice_of(record, 4), (const uint8_t *)"stale", 5,
                           record + 4, record + 9));
    assert_ends(&l, record, 5 + ZC_RECORD_OVERHEAD);
    close_line(&l);
}

static void record__last_number__spent(void **state)
{
    (void)state;
    line l = open_line(&key_a, &key_a);
    l.from.counter = l.to.counter = UINT64_MAX - 1;
    uint8_t record[64];
    size_t len = seal(&l, "last", record, sizeof record);
    assert_opens(&l, record, len, "last");
    zc_writer writer = ZC_WRITER_OF_ARRAY(record);
    zc_slice plain;
    assert_fails(zc_record_seal(&l.from, zc_slice_of_text("x"), &writer), ZC_WIRE_RECORDS_SPENT);
    assert_fails(zc_record_seal(&l.from, zc_slice_of_text("x"), &writer), ZC_WIRE_SESSION_OVER);
    assert_fails(zc_record_open(&l.to, record, len, &plain), ZC_WIRE_RECORDS_SPENT);
    close_line(&l);
}

static void record_peek_len__heads_out_of_bounds__refused(void **state)
{
    (void)state;
    uint8_t head[ZC_FRAME_HEAD];
    size_t total;
    zc_frame_head(ZC_RECORD_TAG - 1, head);
    assert_fails(zc_record_peek_len(ZC_SLICE_OF_ARRAY(head), &total), ZC_WIRE_FRAME_TOO_SHORT);
    zc_frame_head(ZC_RECORD_MAX_PLAIN + ZC_RECORD_TAG + 1, head);
    assert_fails(zc_record_peek_len(ZC_SLICE_OF_ARRAY(head), &total), ZC_WIRE_FRAME_TOO_LONG);
    zc_frame_head(ZC_RECORD_MAX_PLAIN + ZC_RECORD_TAG, head);
    assert_ok(zc_record_peek_len(ZC_SLICE_OF_ARRAY(head), &total));
    assert_int_equal(total, ZC_RECORD_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(record__in_order__opens_each),
        cmocka_unit_test(record__largest_and_one_more__sealed_and_refused),
        cmocka_unit_test(record_open__any_bit_altered__session_over),
        cmocka_unit_test(record_open__altered__no_plaintext_left_behind),
        cmocka_unit_test(record_open__cut_or_extended__session_over),
        cmocka_unit_test(record_open__replayed__session_over),
        cmocka_unit_test(record_open__out_of_order_or_one_missing__session_over),
        cmocka_unit_test(record_open__spliced_from_two_records__session_over),
        cmocka_unit_test(record_open__of_another_session_or_direction__session_over),
        cmocka_unit_test(record__across_a_rekey__opens_and_the_old_key_is_gone),
        cmocka_unit_test(record_open__sealed_past_the_boundary_with_the_old_key__session_over),
        cmocka_unit_test(record__last_number__spent),
        cmocka_unit_test(record_peek_len__heads_out_of_bounds__refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
