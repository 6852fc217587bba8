/* What a Nitro hypervisor measures of an image before it starts.
 *
 * With E(x) = SHA384(0^48 ‖ SHA384(x)): PCR0 = E(kernel ‖ cmdline ‖ every ramdisk), PCR1 = E(kernel
 * ‖ cmdline ‖ first ramdisk), PCR2 = E(the other ramdisks), PCR8 = E(the signing certificate, DER),
 * zero when unsigned. PCR3 and PCR4 are of the place and not of the image: SHA384(0^48 ‖ text). */
#ifndef ZC_EIF_MEASURE_H
#define ZC_EIF_MEASURE_H

#include "eif/eif.h"

#define ZC_EIF_PCR_SIZE 48

typedef struct zc_eif_pcrs {
    uint8_t pcr0[ZC_EIF_PCR_SIZE];
    uint8_t pcr1[ZC_EIF_PCR_SIZE];
    uint8_t pcr2[ZC_EIF_PCR_SIZE];
} zc_eif_pcrs;

void zc_eif_measure(const zc_eif *eif, zc_eif_pcrs *ret_pcrs);
/* PCR8 of the certificate that an image was signed with. */
void zc_eif_measure_certificate(zc_slice certificate_der, uint8_t ret_pcr[static ZC_EIF_PCR_SIZE]);
/* PCR3 of the ARN of the role that the parent instance has, PCR4 of the parent's instance id. */
void zc_eif_measure_text(zc_slice text, uint8_t ret_pcr[static ZC_EIF_PCR_SIZE]);

#endif
