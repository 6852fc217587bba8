/* A session under attack. The input is a list of steps, one byte each: what to do to the next
 * record on its way. As long as nothing was done, records open to what was sealed; from the first
 * tampering on, none opens. A step of raw delivers the rest of the input as it is. */
#include "fuzz.h"

#include "wire/record.h"

enum { STEP_HONEST = 0, STEP_FLIP, STEP_CUT, STEP_REPLAY, STEP_DROP, STEP_RAW, STEP_KINDS };

static const zc_secret32 key = {{1, 2, 3}};

typedef struct line {
    zc_record_end from;
    zc_record_end to;
    uint8_t before[512]; /* the record delivered before, as it was sealed */
    size_t before_len;
    bool honest; /* nothing has been tampered with yet */
} line;

/* Does to the record what the step says; returns its new length. */
static size_t tamper(line *l, uint8_t step, uint8_t argument, uint8_t *record, size_t len)
{
    l->honest = false;
    switch (step) {
    case STEP_FLIP:
        record[argument % len] ^= (uint8_t)(1u << argument % 8);
        return len;
    case STEP_CUT:
        return argument % len;
    default:
        memcpy(record, l->before, l->before_len);
        return l->before_len;
    }
}

static void deliver(line *l, uint8_t *record, size_t len, zc_slice text)
{
    zc_slice plain;
    bool opened = zc_ok(zc_record_open(&l->to, record, len, &plain));
    FUZZ_CHECK(opened == l->honest);
    FUZZ_CHECK(!opened || zc_slice_eq(plain, text));
}

static void take_step(line *l, zc_slice input, size_t at)
{
    uint8_t record[512];
    uint8_t step = input.data[at] % STEP_KINDS;
    uint8_t argument = input.data[at + 1];
    zc_slice text = zc_slice_of(input.data, argument < input.len ? argument : input.len);
    zc_writer writer = ZC_WRITER_OF_ARRAY(record);
    FUZZ_CHECK(zc_ok(zc_record_seal(&l->from, text, &writer)));
    size_t len = zc_writer_len(&writer);
    uint8_t sealed[512];
    size_t sealed_len = len;
    memcpy(sealed, record, len);
    if (step == STEP_DROP) { /* nor remembered: delivered later it would merely be late */
        l->honest = false;
        return;
    }
    if (step == STEP_RAW) {
        l->honest = false;
        len = input.len - at < sizeof record ? input.len - at : sizeof record;
        memcpy(record, input.data + at, len);
        deliver(l, record, len, text);
    } else {
        if (step != STEP_HONEST && (step != STEP_REPLAY || l->before_len > 0)) {
            len = tamper(l, step, argument, record, len);
        }
        deliver(l, record, len, text);
    }
    memcpy(l->before, sealed, sealed_len);
    l->before_len = sealed_len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    line l = {.honest = true};
    FUZZ_CHECK(zc_ok(zc_record_end_init(&l.from, &key)) && zc_ok(zc_record_end_init(&l.to, &key)));
    l.from.counter = l.to.counter = ZC_RECORD_REKEY_INTERVAL - 3;
    for (size_t at = 0; at + 1 < size && at < 64; at += 2) {
        take_step(&l, zc_slice_of(data, size), at);
    }
    zc_record_end_clear(&l.from);
    zc_record_end_clear(&l.to);
    return 0;
}
