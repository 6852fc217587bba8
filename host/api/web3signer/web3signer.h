/* Private to the interface. */
#ifndef ZC_API_WEB3SIGNER_WEB3SIGNER_H
#define ZC_API_WEB3SIGNER_WEB3SIGNER_H

#include "api/ethereum/sign.h"

/* data.c. What eth1/sign is asked to sign is hashed with Keccak-256, whatever it is. What is a
 * transaction or a personal message goes to the enclave as that, so that policy sees through it;
 * the rest is a digest. The payload of *ret_request is a part of `data`, or `digest`. */
void zc_web3signer_classify(zc_slice data, uint8_t digest[static 32],
                            zcp_sign_request *ret_request);

/* opsigner.c: the block payloads of an OP Stack sequencer. */
void zc_opsigner_sign_payload(zc_rpc_call *call);
void zc_opsigner_sign_payload_v2(zc_rpc_call *call);

#endif
