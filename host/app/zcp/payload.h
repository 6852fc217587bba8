/* What is to be signed or decoded, as users hand it over. */
#ifndef ZC_ZCP_PAYLOAD_H
#define ZC_ZCP_PAYLOAD_H

#include "invocation.h"
#include "support/bytes.h"

/* The file that the first argument names from `argument` on, or standard input. Text that is
 * hexadecimal, 0x in front or not, becomes the bytes it stands for when `hex` is true. Returns the
 * exit code. */
int zc_payload_read(const zc_invocation *invocation, size_t argument, bool hex,
                    zc_bytes *ret_payload);
/* Exactly `len` bytes of hex from an option. */
int zc_option_hex(const zc_invocation *invocation, const char *name, uint8_t *ret_bytes,
                  size_t len);

#endif
