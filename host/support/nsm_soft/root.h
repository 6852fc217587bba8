/* The development root of a local deployment: made at install, on this machine, never shipped.
 *
 * D/platform/            0700
 *   root.pem             0644  self-signed P-384 certificate, "ZeroCopy development root – not
 *                              hardware"; what verifiers of this deployment are given
 *   root.key             0600  its private key, PKCS#8 in PEM
 *   secret               0600  32 random bytes, from which the local wrapping keys are derived
 *
 * It proves nothing about hardware, and everything that shows a document under it says so. */
#ifndef ZC_NSM_SOFT_ROOT_H
#define ZC_NSM_SOFT_ROOT_H

#include "base/slice.h"
#include "nsm_soft/reasons.h"

#define ZC_NSM_SOFT_ROOT_NAME "ZeroCopy development root – not hardware"
#define ZC_NSM_SOFT_ROOT_DER_MAX ((size_t)2048)

/* Makes D/platform/ with all of the above, durably, or nothing: it appears in one rename.
 * In: `dir`, the deployment's folder, which must exist.
 * Errors: ZC_NSM_SOFT_ALREADY_INSTALLED, ZC_NSM_SOFT_NO_DIRECTORY, ZC_NSM_SOFT_NOT_PERMITTED,
 * ZC_NSM_SOFT_IO, ZC_NSM_SOFT_CRYPTO. errno tells more after the first four. */
ZC_MUST_USE zc_result zc_nsm_soft_install(const char *dir);

/* Reads a PEM certificate (D/platform/root.pem, or one that a user names) as DER.
 * Errors: ZC_NSM_SOFT_NOT_INSTALLED when there is no such file; ZC_NSM_SOFT_NOT_PERMITTED;
 * ZC_NSM_SOFT_DAMAGED. */
ZC_MUST_USE zc_result zc_nsm_soft_read_root(const char *pem_path,
                                            uint8_t ret_der[static ZC_NSM_SOFT_ROOT_DER_MAX],
                                            size_t *ret_len);

/* PCR0 of an enclave program: zc_measure_pcr() of the file's bytes. "/proc/self/exe" is the running
 * one. Errors: ZC_NSM_SOFT_NO_MEASUREMENT; errno tells more. */
ZC_MUST_USE zc_result zc_nsm_soft_measure_file(const char *path, uint8_t ret_pcr0[static 48]);

#endif
