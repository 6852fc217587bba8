/* Core's end of shared memory against a client that writes whatever it likes into the counts, the
 * flags and the bytes, before and between core's steps. Core's bytes must come from the lane, its
 * counts must never go beyond what is possible, and nothing else may be touched. */
#include <stdlib.h>
#include <string.h>

#include "base/reader.h"
#include "runtime/shared.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define ROOM 4096

static _Alignas(4096) uint8_t memory[ZC_SHARED_SIZE + ROOM];

static void check(bool good)
{
    if (!good) {
        abort();
    }
}

/* What the other side writes: one of the eight counts and flags, or a byte of a lane. */
static bool interfere(zc_reader *reader)
{
    uint8_t where;
    uint32_t value;
    if (!zc_ok(zc_read_u8(reader, &where)) || !zc_ok(zc_read_u32(reader, &value))) {
        return false;
    }
    if (where < 8) {
        memcpy(memory + where * 64, &value, sizeof value);
    } else {
        memory[ZC_SHARED_HEAD + value % (2 * ZC_SHARED_BYTES)] = where;
    }
    return true;
}

static void step(zc_shared_end *core, uint8_t what, size_t amount)
{
    static uint8_t bytes[ROOM + 1];
    size_t done = 0;
    zc_shared_end before = *core;
    bytes[ROOM] = 0x5a;
    switch (what % 4) {
    case 0:
        if (zc_ok(zc_shared_receive(core, bytes, amount % ROOM, &done))) {
            check(done <= amount % ROOM && core->taken - before.taken == done);
        }
        break;
    case 1:
        if (zc_ok(zc_shared_send(core, bytes, amount % ROOM, &done))) {
            check(done <= amount % ROOM && core->put - before.put == done);
        }
        break;
    case 2:
        zc_shared_arm(core, (amount & 1) != 0);
        break;
    default:
        (void)zc_shared_must_ring(core);
        zc_shared_disarm(core);
    }
    check(bytes[ROOM] == 0x5a && core->in == before.in && core->out == before.out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    zc_reader reader = zc_reader_of(zc_slice_of(data, len));
    memset(memory, 0, sizeof memory);
    zc_shared_end core = zc_shared_end_of(memory, ZC_SHARED_CORE);
    uint8_t what;
    while (zc_ok(zc_read_u8(&reader, &what))) {
        uint16_t amount;
        if ((what & 0x80) != 0) {
            if (!interfere(&reader)) {
                break;
            }
        } else if (zc_ok(zc_read_u16(&reader, &amount))) {
            step(&core, what, amount);
        }
    }
    for (size_t i = ZC_SHARED_SIZE; i < sizeof memory; i++) {
        check(memory[i] == 0);
    }
    return 0;
}
