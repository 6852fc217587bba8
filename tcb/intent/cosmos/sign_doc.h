/* Private to the module: the envelope of a Cosmos transaction, field by field. */
#ifndef ZC_INTENT_COSMOS_SIGN_DOC_H
#define ZC_INTENT_COSMOS_SIGN_DOC_H

#include "intent/cosmos/walk.h"

typedef struct zc_cosmos_sign_doc {
    zc_slice body;
    zc_slice auth_info;
    zc_slice chain_id;
    uint64_t account_number;
} zc_cosmos_sign_doc;

/* `*ret_fault` is where the fault is. */
ZC_MUST_USE zc_result zc_cosmos_read_sign_doc(zc_slice bytes, zc_cosmos_sign_doc *ret_doc,
                                              const uint8_t **ret_fault);
/* Signers and fee, into the intent. */
ZC_MUST_USE zc_result zc_cosmos_read_auth_info(zc_cosmos_reading *reading, zc_slice auth_info);
/* Memo, timeouts and extensions into the intent, messages into the queue. */
ZC_MUST_USE zc_result zc_cosmos_read_body(zc_cosmos_reading *reading, zc_slice body);

#endif
