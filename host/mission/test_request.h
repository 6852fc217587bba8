/* From a request in a file of cases to the intent that policy judges. Not for users of the module.
 */
#ifndef ZC_MISSION_TEST_REQUEST_H
#define ZC_MISSION_TEST_REQUEST_H

#include <jansson.h>

#include "crypto/curve.h"
#include "intent/intent.h"
#include "mission/document.h"
#include "policy/mission.h"
#include "support/bytes.h"

/* Who asks, when, and with which key. */
typedef struct zc_test_asker {
    uint32_t principal;
    zc_slice key;
    bool has_pubkey;
    bool has_use;
    bool has_chain;
    bool halted;
    zc_pubkey pubkey;
    zc_use use;
    uint64_t chain;
    uint64_t nonce; /* of transactions that name none */
    int64_t at_ms;
} zc_test_asker;

typedef struct zc_test_request {
    bool refused; /* a decoder refused it, for `reason` */
    uint16_t reason;
    zc_use use;     /* what the form of the request is for */
    zc_bytes bytes; /* borrowed by the intent */
    zc_intent intent;
} zc_test_request;

/* Reads one request, a mapping with one form. False when the place is faulty, which is reported.
 * The caller clears the bytes. */
bool zc_test_request_read(const zc_mission *mission, const zc_test_asker *asker,
                          const zc_place *place, zc_test_request *ret_request);

/* test_evm.c: an EIP-1559 transaction as it is signed, out of a mapping. */
bool zc_test_evm_write(const zc_mission *mission, const zc_test_asker *asker, const zc_place *place,
                       zc_bytes *ret_bytes);
/* An address of the mission by name, or an address. */
bool zc_test_address(const zc_mission *mission, uint64_t chain, const zc_place *place,
                     zc_address *ret_address);

/* test_json.c: a node as JSON. Plain words true and false, and whole numbers of up to 15 digits,
 * are such; all other scalars are texts. NULL after a report; the caller decrefs. */
json_t *zc_test_json(const zc_place *place);

/* test_time.c: RFC 3339 with 'Z' or an offset, to Unix milliseconds. False for anything else. */
bool zc_test_time(zc_slice text, int64_t *ret_ms);

#endif
