/* `zcp eif`: what its commands share. */
#ifndef ZC_ZCP_EIF_H
#define ZC_ZCP_EIF_H

#include <jansson.h>

#include "eif/measure.h"
#include "eif/signature.h"
#include "invocation.h"

/* A failure of the eif module. Exit 4 where the file was checked and does not hold. */
int zc_eif_fail(const zc_invocation *invocation, zc_result why, const char *what, const char *next);
/* Reads and parses the image that the command's argument names. The caller clears `ret_file`, which
 * `ret_eif` points into. Returns the exit code. */
int zc_eif_load(const zc_invocation *invocation, zc_bytes *ret_file, zc_eif *ret_eif);
/* Checks the signature where there is one; *ret_has tells. Returns the exit code. */
int zc_eif_check_signature(const zc_invocation *invocation, const zc_eif *eif, bool *ret_has,
                           zc_eif_signer *ret_signer);

typedef struct zc_eif_register {
    unsigned index;
    uint8_t value[ZC_EIF_PCR_SIZE];
} zc_eif_register;

/* PCR0, 1, 2 and 8, then 3 and 4 where --role and --instance were given. */
size_t zc_eif_registers(const zc_invocation *invocation, const zc_eif *eif, bool is_signed,
                        const zc_eif_signer *signer, zc_eif_register ret_registers[static 6]);
/* {"0": hex, …} */
json_t *zc_eif_registers_json(const zc_eif_register *registers, size_t count);
void zc_eif_registers_print(const zc_eif_register *registers, size_t count);

#endif
