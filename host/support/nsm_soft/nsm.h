/* The software security module of the local platform.
 *
 * It answers what /dev/nsm answers, in the same CBOR (attest/nsm.h), from a PCR bank of its own,
 * and signs documents in the Nitro format with a short-lived certificate under the development
 * root. It lives in the enclave's parent process; core reaches it over a SOCK_SEQPACKET socketpair,
 * one packet a request, one a response.
 *
 * PCR0 and PCR2 measure the running program, PCR1 names the platform, PCR0 to PCR15 are locked from
 * the start, as Nitro has them.
 *
 * One request exists here alone: the text "ZcLocalWrapKey". Once PCR16 is locked it is answered by
 * {"ZcLocalWrapKey": 32 bytes}, derived from the machine's secret, PCR0 and PCR16; before, by the
 * error InvalidOperation. */
#ifndef ZC_NSM_SOFT_NSM_H
#define ZC_NSM_SOFT_NSM_H

#include "base/slice.h"
#include "nsm_soft/reasons.h"

#define ZC_NSM_SOFT_WRAP_REQUEST "ZcLocalWrapKey"
/* The life of a signing certificate, as on Nitro; a fresh one is made when half of it is over. */
#define ZC_NSM_SOFT_LEAF_SECONDS 10800

typedef struct zc_nsm_soft zc_nsm_soft;

/* Reads D/platform/, measures /proc/self/exe and makes the signing certificates.
 * Call it after the enclave's children are forked, so that no copy of its keys is in them, and
 * before sandboxing. The caller frees it.
 * Errors: ZC_NSM_SOFT_NOT_INSTALLED, ZC_NSM_SOFT_NOT_PERMITTED, ZC_NSM_SOFT_TOO_OPEN,
 * ZC_NSM_SOFT_DAMAGED, ZC_NSM_SOFT_CRYPTO, ZC_NSM_SOFT_NO_MEASUREMENT, and those of
 * zc_vault_init(). */
ZC_MUST_USE zc_result zc_nsm_soft_new(const char *dir, zc_nsm_soft **ret_nsm);
/* Wipes and frees; NULL is nothing. */
void zc_nsm_soft_free(zc_nsm_soft *nsm);

/* The DER of the root that this module's documents lead to. */
zc_slice zc_nsm_soft_root(const zc_nsm_soft *nsm);
void zc_nsm_soft_pcr(const zc_nsm_soft *nsm, unsigned index, uint8_t ret_value[static 48]);

/* Answers one request, whatever it is: what is wrong with it is answered by an Error response.
 * In: a response buffer of ZC_NSM_RESPONSE_MAX bytes at least. It may hold a secret afterwards.
 * Returns the length of the response. */
size_t zc_nsm_soft_answer(zc_nsm_soft *nsm, zc_slice request, zc_buffer response);

/* Reads one packet from `fd` and answers it; for use when `fd` is readable.
 * Errors: ZC_NSM_SOFT_LINK_CLOSED at the end; ZC_NSM_SOFT_LINK_FAILED. */
ZC_MUST_USE zc_result zc_nsm_soft_serve_one(zc_nsm_soft *nsm, int fd);
/* Serves until the other end is gone. Returns ZC_OK then. Errors: ZC_NSM_SOFT_LINK_FAILED. */
ZC_MUST_USE zc_result zc_nsm_soft_serve(zc_nsm_soft *nsm, int fd);

/* A socketpair of the right kind, both ends close-on-exec: [0] for the module, [1] for core.
 * Errors: ZC_NSM_SOFT_LINK_FAILED. */
ZC_MUST_USE zc_result zc_nsm_soft_link(int ret_fds[static 2]);

#endif
