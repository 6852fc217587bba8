/* The memory and the rings of a guest, as a vhost-user backend sees them.
 *
 * Everything in them is the guest's word: each address is held against the mapped regions, each
 * chain against the ring's size, before a byte is touched. */
#ifndef ZC_VSOCK_GUEST_H
#define ZC_VSOCK_GUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ZC_GUEST_REGIONS 8
#define ZC_GUEST_RINGS 3
#define ZC_GUEST_RING_MAX 1024

typedef struct zc_guest_region {
    uint64_t guest_address;
    uint64_t user_address; /* in the emulator, which names rings by it */
    uint64_t size;
    uint8_t *memory; /* here */
    void *mapping;
    size_t mapping_len;
} zc_guest_region;

typedef struct zc_guest_ring {
    uint32_t size; /* a power of two */
    uint64_t descriptors;
    uint64_t available;
    uint64_t used;
    uint16_t next; /* of the available entries */
    bool enabled;
    int kick; /* −1 where there is none, as the next */
    int call;
} zc_guest_ring;

typedef struct zc_guest {
    zc_guest_region region[ZC_GUEST_REGIONS];
    size_t regions;
    zc_guest_ring ring[ZC_GUEST_RINGS];
} zc_guest;

/* A chain of buffers that the guest made available. */
typedef struct zc_guest_chain {
    uint16_t head;
    size_t count;
    struct {
        uint8_t *data;
        uint32_t len;
        bool writable;
    } part[16];
} zc_guest_chain;

void zc_guest_init(zc_guest *guest);
/* Unmaps and closes everything. */
void zc_guest_clear(zc_guest *guest);
void zc_guest_forget_memory(zc_guest *guest);
/* `len` bytes at a guest or emulator address; NULL when they are not all in one region. */
uint8_t *zc_guest_at(const zc_guest *guest, uint64_t address, uint64_t len);
uint8_t *zc_guest_at_user(const zc_guest *guest, uint64_t address, uint64_t len);

/* The next chain, without taking it; false when there is none or it is malformed. */
bool zc_guest_peek(zc_guest *guest, unsigned ring, zc_guest_chain *ret_chain);
/* Gives the chain that was peeked back with `written` bytes in it, and wakes the guest if it wants.
 */
void zc_guest_give(zc_guest *guest, unsigned ring, const zc_guest_chain *chain, uint32_t written);

/* Copies between a chain's parts of one direction and a buffer; returns how much it was. */
size_t zc_chain_read(const zc_guest_chain *chain, uint8_t *ret_bytes, size_t capacity);
size_t zc_chain_write(const zc_guest_chain *chain, const uint8_t *bytes, size_t len);
size_t zc_chain_room(const zc_guest_chain *chain);

#endif
