#include "guest.h"

#include <string.h>

#include <sys/mman.h>
#include <unistd.h>

/* Split rings (virtio 1.2, §2.7). x86 and arm64 hosts are little-endian, as the rings are. */
typedef struct descriptor {
    uint64_t address;
    uint32_t len;
    uint16_t flags;
    uint16_t next;
} descriptor;

#define HAS_NEXT 1
#define IS_WRITABLE 2
#define NO_INTERRUPT 1
#define RING_HEAD 4 /* flags and index in front of either ring */
#define USED_SIZE 8

void zc_guest_init(zc_guest *guest)
{
    *guest = (zc_guest){.regions = 0};
    for (size_t i = 0; i < ZC_GUEST_RINGS; i++) {
        guest->ring[i].kick = guest->ring[i].call = -1;
    }
}

void zc_guest_forget_memory(zc_guest *guest)
{
    for (size_t i = 0; i < guest->regions; i++) {
        (void)munmap(guest->region[i].mapping, guest->region[i].mapping_len);
    }
    guest->regions = 0;
}

void zc_guest_clear(zc_guest *guest)
{
    zc_guest_forget_memory(guest);
    for (size_t i = 0; i < ZC_GUEST_RINGS; i++) {
        if (guest->ring[i].kick >= 0) {
            close(guest->ring[i].kick);
        }
        if (guest->ring[i].call >= 0) {
            close(guest->ring[i].call);
        }
    }
    zc_guest_init(guest);
}

static uint8_t *find(const zc_guest *guest, uint64_t address, uint64_t len, bool user)
{
    for (size_t i = 0; i < guest->regions; i++) {
        const zc_guest_region *region = &guest->region[i];
        uint64_t start = user ? region->user_address : region->guest_address;
        if (address >= start && address - start <= region->size &&
            len <= region->size - (address - start)) {
            return region->memory + (address - start);
        }
    }
    return NULL;
}

uint8_t *zc_guest_at(const zc_guest *guest, uint64_t address, uint64_t len)
{
    return find(guest, address, len, false);
}

uint8_t *zc_guest_at_user(const zc_guest *guest, uint64_t address, uint64_t len)
{
    return find(guest, address, len, true);
}

static uint16_t load16(const uint8_t *at)
{
    uint16_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

static bool read_descriptor(const zc_guest *guest, const zc_guest_ring *ring, uint16_t index,
                            descriptor *ret_descriptor)
{
    const uint8_t *table =
        zc_guest_at_user(guest, ring->descriptors, (uint64_t)ring->size * sizeof(descriptor));
    if (table == NULL || index >= ring->size) {
        return false;
    }
    memcpy(ret_descriptor, table + (size_t)index * sizeof(descriptor), sizeof *ret_descriptor);
    return true;
}

static bool collect(const zc_guest *guest, const zc_guest_ring *ring, zc_guest_chain *chain)
{
    uint16_t index = chain->head;
    for (;;) {
        descriptor part;
        if (chain->count == sizeof chain->part / sizeof chain->part[0] ||
            !read_descriptor(guest, ring, index, &part)) {
            return false;
        }
        uint8_t *data = zc_guest_at(guest, part.address, part.len);
        if (data == NULL) {
            return false;
        }
        chain->part[chain->count].data = data;
        chain->part[chain->count].len = part.len;
        chain->part[chain->count].writable = (part.flags & IS_WRITABLE) != 0;
        chain->count++;
        if ((part.flags & HAS_NEXT) == 0) {
            return true;
        }
        index = part.next;
    }
}

bool zc_guest_peek(zc_guest *guest, unsigned number, zc_guest_chain *ret_chain)
{
    zc_guest_ring *ring = &guest->ring[number];
    uint64_t len = RING_HEAD + (uint64_t)ring->size * sizeof(uint16_t);
    const uint8_t *available =
        ring->enabled && ring->size > 0 ? zc_guest_at_user(guest, ring->available, len) : NULL;
    if (available == NULL) {
        return false;
    }
    uint16_t filled = load16(available + 2);
    __atomic_thread_fence(__ATOMIC_SEQ_CST); /* what the guest wrote before the index is there */
    if (filled == ring->next) {
        return false;
    }
    size_t slot = ring->next % ring->size;
    *ret_chain = (zc_guest_chain){.head = load16(available + RING_HEAD + 2 * slot)};
    return collect(guest, ring, ret_chain);
}

static void wake(const zc_guest *guest, const zc_guest_ring *ring)
{
    const uint8_t *available = zc_guest_at_user(guest, ring->available, RING_HEAD);
    const uint64_t one = 1;
    if (ring->call >= 0 && available != NULL && (load16(available) & NO_INTERRUPT) == 0) {
        ssize_t told = write(ring->call, &one, sizeof one);
        (void)told; /* full: the guest is awake */
    }
}

void zc_guest_give(zc_guest *guest, unsigned number, const zc_guest_chain *chain, uint32_t written)
{
    zc_guest_ring *ring = &guest->ring[number];
    uint8_t *used =
        zc_guest_at_user(guest, ring->used, RING_HEAD + (uint64_t)ring->size * USED_SIZE);
    ring->next++;
    if (used == NULL) {
        return;
    }
    uint16_t index = load16(used + 2);
    const uint32_t entry[2] = {chain->head, written};
    memcpy(used + RING_HEAD + (size_t)(index % ring->size) * USED_SIZE, entry, sizeof entry);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    index++;
    memcpy(used + 2, &index, sizeof index);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    wake(guest, ring);
}

size_t zc_chain_read(const zc_guest_chain *chain, uint8_t *ret_bytes, size_t capacity)
{
    size_t done = 0;
    for (size_t i = 0; i < chain->count && done < capacity; i++) {
        if (chain->part[i].writable) {
            break;
        }
        size_t take = chain->part[i].len < capacity - done ? chain->part[i].len : capacity - done;
        memcpy(ret_bytes + done, chain->part[i].data, take);
        done += take;
    }
    return done;
}

size_t zc_chain_write(const zc_guest_chain *chain, const uint8_t *bytes, size_t len)
{
    size_t done = 0;
    for (size_t i = 0; i < chain->count && done < len; i++) {
        if (!chain->part[i].writable) {
            continue;
        }
        size_t put = chain->part[i].len < len - done ? chain->part[i].len : len - done;
        memcpy(chain->part[i].data, bytes + done, put);
        done += put;
    }
    return done;
}

size_t zc_chain_room(const zc_guest_chain *chain)
{
    size_t room = 0;
    for (size_t i = 0; i < chain->count; i++) {
        room += chain->part[i].writable ? chain->part[i].len : 0;
    }
    return room;
}
