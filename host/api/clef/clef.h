/* Private to the interface. */
#ifndef ZC_API_CLEF_CLEF_H
#define ZC_API_CLEF_CLEF_H

#include "api/ethereum/sign.h"

/* data.c: account_signData(type, address, data) and account_ecRecover(data, signature). */
void zc_clef_sign_data(zc_rpc_call *call);
void zc_clef_recover(zc_rpc_call *call);

/* gnosis.c: account_signGnosisSafeTx(address, transaction). */
void zc_clef_sign_safe(zc_rpc_call *call);

/* stream.c: JSON values one behind the other on a Unix socket, as go-ethereum's IPC has them. */
void zc_clef_serve(void *state, zc_api_call *call, int fd);

#endif
