/* The scripts that have a name: told apart, taken apart and made. */
#ifndef ZC_INTENT_BITCOIN_SCRIPT_H
#define ZC_INTENT_BITCOIN_SCRIPT_H

#include "base/reader.h"
#include "base/writer.h"
#include "intent/address.h"

typedef enum zc_btc_script_kind {
    ZC_BTC_ODD = 0,
    ZC_BTC_P2PK,
    ZC_BTC_P2PKH,
    ZC_BTC_P2SH,
    ZC_BTC_P2WPKH,
    ZC_BTC_P2WSH,
    ZC_BTC_P2TR,
    ZC_BTC_WITNESS, /* of a version or length that has no meaning yet: anyone can spend it */
    ZC_BTC_MULTISIG,
    ZC_BTC_RETURN, /* OP_RETURN: nobody can spend it */
} zc_btc_script_kind;

enum {
    ZC_BTC_OP_0 = 0x00,
    ZC_BTC_OP_PUSHDATA1 = 0x4c,
    ZC_BTC_OP_PUSHDATA2 = 0x4d,
    ZC_BTC_OP_PUSHDATA4 = 0x4e,
    ZC_BTC_OP_1 = 0x51,
    ZC_BTC_OP_16 = 0x60,
    ZC_BTC_OP_RETURN = 0x6a,
    ZC_BTC_OP_CODESEPARATOR = 0xab,
    ZC_BTC_OP_CHECKSIG = 0xac,
    ZC_BTC_OP_CHECKMULTISIG = 0xae,
};

#define ZC_BTC_MAX_MULTISIG 16
/* The longest script of a single key. */
#define ZC_BTC_KEY_SCRIPT_MAX 35

typedef struct zc_btc_multisig {
    uint8_t required;
    uint8_t count;
    zc_slice keys[ZC_BTC_MAX_MULTISIG]; /* 33 or 65 bytes each */
} zc_btc_multisig;

zc_btc_script_kind zc_btc_script_kind_of(zc_slice script);
/* The hash, key or program that such a script holds; empty for MULTISIG, RETURN and ODD. */
zc_slice zc_btc_script_payload(zc_slice script);
/* m-of-n in its one plain form; false for anything else. */
bool zc_btc_script_multisig(zc_slice script, zc_btc_multisig *ret_multisig);
/* One opcode and what it pushes. False at the end and for a push beyond it. */
bool zc_btc_script_next(zc_reader *script, uint8_t *ret_opcode, zc_slice *ret_data);

/* The script of `kind` (P2PKH, P2SH, P2WPKH, P2WSH, P2TR) for a hash or key of the right length. */
zc_address zc_btc_script_make(zc_btc_script_kind kind, const uint8_t *payload);
/* The shortest push of up to 65535 bytes, except that numbers are bytes as well. */
ZC_MUST_USE zc_result zc_btc_write_push(zc_writer *writer, zc_slice data);

#endif
