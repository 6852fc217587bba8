/* EIP-712 typed data: from the JSON that wallets sign (eth_signTypedData_v3 and _v4) to the form
 * that the enclave reads (intent/typed_data.h).
 *
 * Nothing here is trusted: the enclave computes what is signed from the form, and shows what the
 * form says. This only saves it a JSON reader. What wallets read in more than one way is refused:
 * booleans that are no booleans, numbers beyond 2^53 that are not written as text, texts that are
 * no hex where bytes belong, addresses whose mixed case is not EIP-55's. */
#ifndef ZC_SUPPORT_TYPED_DATA_H
#define ZC_SUPPORT_TYPED_DATA_H

#include <jansson.h>

#include "support/bytes.h"
#include "support/error.h"

/* `root` is {types, primaryType, domain, message}; `semantics` is 3 or 4. Types that nothing uses
 * are left out, and so are members of the JSON that no type names. Without a type EIP712Domain it
 * is made of what the domain has, as ethers does. Under 4 a struct may be null or missing; under 3
 * any member may be missing. A bytesN that is given shorter is filled with zeros at its end.
 *
 * The form is appended to `ret_form`. Errors (ZC_SUPPORT_BAD_JSON, ZC_SUPPORT_NO_MEMORY) name the
 * place: "message.details[2].amount: 300 does not fit in uint8". Limits that the enclave sets on
 * names, depth and counts are left to it. */
ZC_MUST_USE zc_result zc_typed_data_of_json(const json_t *root, unsigned semantics,
                                            zc_bytes *ret_form, zc_error *error);
/* The same of JSON as text. A name that occurs twice in one object is refused. */
ZC_MUST_USE zc_result zc_typed_data_parse(zc_slice json, unsigned semantics, zc_bytes *ret_form,
                                          zc_error *error);

#endif
