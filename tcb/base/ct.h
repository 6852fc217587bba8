/* Comparisons and choices whose time does not depend on the values, and the marks by which valgrind
 * checks it. */
#ifndef ZC_BASE_CT_H
#define ZC_BASE_CT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether `len` bytes are equal. Time depends on `len` alone. The answer is declassified: the
 * caller may branch on it. */
bool zc_ct_eq(const void *a, const void *b, size_t len);
/* Whether all `len` bytes are zero; declassified likewise. */
bool zc_ct_is_zero(const void *bytes, size_t len);

/* Under the ctime preset these tell valgrind that bytes are secret (undefined: a branch or an
 * address that depends on them is reported) or public again. Elsewhere they cost nothing.
 *
 * zc_ct_public() is the one place where a secret becomes public; each call says why beside it. */
void zc_ct_secret(const void *bytes, size_t len);
void zc_ct_public(const void *bytes, size_t len);

#endif
