/* Private to the module: how Binance's requests are signed, spot and futures alike. */
#ifndef ZC_COMPOSE_BINANCE_FRAME_H
#define ZC_COMPOSE_BINANCE_FRAME_H

#include "compose/table.h"

#define ZC_BINANCE_KEYS                                                                            \
    (1u << ZC_COMPOSE_KEY_HMAC | 1u << ZC_COMPOSE_KEY_ED25519 | 1u << ZC_COMPOSE_KEY_RSA)

extern const zc_compose_param zc_binance_head[];
extern const zc_compose_param zc_binance_tail[];

/* The preimage is all parameters, and the signature the last one: hexadecimal of an HMAC, base64 of
 * Ed25519 and RSA. */
ZC_MUST_USE zc_result zc_binance_frame(zc_compose_job *job, zc_compose_form form);

#endif
