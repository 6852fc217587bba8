/* Private to the module: what each object says of itself. */
#ifndef ZC_API_PKCS11_ATTRIBUTE_H
#define ZC_API_PKCS11_ATTRIBUTE_H

#include "module.h"

/* A value; no attribute is longer but a certificate, which is borrowed. */
typedef struct zcp_p11_value {
    const unsigned char *data; /* into `byte`, or borrowed from the key */
    size_t len;
    unsigned char byte[512];
} zcp_p11_value;

/* CKR_OK, CKR_ATTRIBUTE_SENSITIVE, or CKR_ATTRIBUTE_TYPE_INVALID for what the object does not have.
 */
CK_RV zcp_p11_attribute(const zcp_p11_key *key, zcp_p11_part part, CK_ATTRIBUTE_TYPE type,
                        zcp_p11_value *ret_value);
/* Whether the object has every attribute of the template with exactly that value. */
bool zcp_p11_matches(const zcp_p11_key *key, zcp_p11_part part, const CK_ATTRIBUTE *template,
                     unsigned long count);
/* Whether each attribute of the template has the bytes that its length promises. What a program
 * gives is read after that alone: a NULL with a length would end the program, not the call. */
bool zcp_p11_readable(const CK_ATTRIBUTE *template, unsigned long count);
/* The curve that CKA_EC_PARAMS names; false for another. */
bool zcp_p11_curve_of(zc_slice parameters, zcp_curve *ret_curve);

#endif
