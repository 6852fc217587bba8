/* The Nitro platform: the security module behind /dev/nsm, and what follows from it.
 *
 * The module is the hypervisor's word, which is what the enclave is attested by. Its randomness is
 * mixed with the kernel's; neither alone is trusted. Time is the timestamp of the last attestation
 * document plus CLOCK_MONOTONIC_RAW, anchored anew each minute: the parent instance has no say in
 * it. The same code runs in an emulated Nitro (QEMU), whose module proves nothing to anybody else.
 *
 * One process, one thread. Calls block for one round trip with the module. */
#ifndef ZC_NITRO_NITRO_H
#define ZC_NITRO_NITRO_H

#include "platform/platform.h"

#define ZC_NITRO_DEVICE "/dev/nsm"
/* The device's one request: _IOWR(0x0A, 0, two iovecs). A sandbox allows this number alone. */
#define ZC_NITRO_IOCTL 0xC0200A00u
/* How old the anchor of the clock may become before time counts as unknown. */
#define ZC_NITRO_ANCHOR_NS ((uint64_t)60 * 1000000000)
#define ZC_NITRO_ANCHOR_MOST_NS ((uint64_t)600 * 1000000000)

typedef struct zc_nitro {
    int fd; /* of /dev/nsm; the caller's to close */
    uint32_t isolation;
    bool anchored;
    uint64_t anchor_ns; /* CLOCK_MONOTONIC_RAW when it was taken */
    uint64_t asked_ns;  /* when it was last tried to take one */
    int64_t anchor_ms;
    int64_t last_ms; /* time never goes backwards */
} zc_nitro;

/* In: an open /dev/nsm and the isolation bits. `nitro` outlives the platform.
 *
 * wrap_key: until a root release is configured that outlives the enclave (a key service or a quorum
 * of operators), the wrapping key is random, made once the mission's PCR is seen to be locked, and
 * never leaves: a deployment lives as long as its enclave. */
zc_platform zc_nitro_platform(zc_nitro *nitro, int nsm_fd, uint32_t isolation);

/* One request and its answer. Errors: ZC_PLATFORM_NSM_…. */
ZC_MUST_USE zc_result zc_nitro_request(int nsm_fd, zc_slice request, zc_buffer response,
                                       size_t *ret_len);
/* `len` bytes of the module's randomness alone. Errors: ZC_PLATFORM_NO_RANDOM. */
ZC_MUST_USE zc_result zc_nitro_entropy(int nsm_fd, uint8_t *ret_bytes, size_t len);
/* Gives the kernel's generator 64 bytes from the module and credits them, so that it is ready at
 * once. Needs CAP_SYS_ADMIN. Errors: ZC_PLATFORM_NO_RANDOM. */
ZC_MUST_USE zc_result zc_nitro_seed_kernel(int nsm_fd);
/* Holds that PCR0 to PCR15 and `mission_pcr` are locked: the module says so, and refuses to extend
 * PCR0 and `mission_pcr`. Errors: ZC_PLATFORM_PCR_NOT_LOCKED; ZC_PLATFORM_NSM_…. */
ZC_MUST_USE zc_result zc_nitro_check_locks(int nsm_fd, uint16_t mission_pcr);
/* The module's time, from a document made now. Errors: ZC_PLATFORM_NO_CLOCK. */
ZC_MUST_USE zc_result zc_nitro_document_time(int nsm_fd, int64_t *ret_ms);

#endif
