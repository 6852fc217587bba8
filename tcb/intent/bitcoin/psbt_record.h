/* One map of a PSBT: its records, each held against what its type demands. */
#ifndef ZC_INTENT_BITCOIN_PSBT_RECORD_H
#define ZC_INTENT_BITCOIN_PSBT_RECORD_H

#include "base/reader.h"
#include "intent/reasons.h"

/* More than 20 signatures, keys and leaves each: then duplicates are still found quickly. */
#define ZC_PSBT_MAX_RECORDS 128
/* Of a whole PSBT. Real ones have less than one for 32 bytes. */
#define ZC_PSBT_MAX_ALL_RECORDS 2048

typedef enum zc_psbt_scope { ZC_PSBT_GLOBAL, ZC_PSBT_INPUT, ZC_PSBT_OUTPUT } zc_psbt_scope;

/* Types of which a map has at most one record, by the place of its value in the map's slots. */
typedef enum zc_psbt_slot {
    /* global */
    ZC_PSBT_TX = 0,
    ZC_PSBT_TX_VERSION,
    ZC_PSBT_FALLBACK_LOCKTIME,
    ZC_PSBT_INPUT_COUNT,
    ZC_PSBT_OUTPUT_COUNT,
    ZC_PSBT_MODIFIABLE,
    ZC_PSBT_VERSION,
    /* input */
    ZC_PSBT_PREVIOUS_TX = 0,
    ZC_PSBT_WITNESS_UTXO,
    ZC_PSBT_SIGHASH,
    ZC_PSBT_REDEEM,
    ZC_PSBT_WITNESS_SCRIPT,
    ZC_PSBT_FINAL_SCRIPT_SIG,
    ZC_PSBT_FINAL_WITNESS,
    ZC_PSBT_PREVIOUS_TXID,
    ZC_PSBT_PREVIOUS_INDEX,
    ZC_PSBT_SEQUENCE,
    ZC_PSBT_TIME,
    ZC_PSBT_HEIGHT,
    ZC_PSBT_TAP_SIG,
    ZC_PSBT_TAP_KEY,
    ZC_PSBT_TAP_ROOT,
    /* output; redeem and witness script are in the same slots as an input's */
    ZC_PSBT_AMOUNT = ZC_PSBT_PREVIOUS_TXID,
    ZC_PSBT_SCRIPT = ZC_PSBT_PREVIOUS_INDEX,
    ZC_PSBT_SLOTS = ZC_PSBT_TAP_ROOT + 1,
    ZC_PSBT_NO_SLOT = 255,
} zc_psbt_slot;

/* Types that occur once for each key that they carry. */
enum {
    ZC_PSBT_IN_PARTIAL_SIG = 0x02,
    ZC_PSBT_IN_BIP32 = 0x06,
    ZC_PSBT_IN_TAP_SIG = 0x13,
    ZC_PSBT_IN_TAP_LEAF = 0x15,
    ZC_PSBT_IN_TAP_BIP32 = 0x16,
    ZC_PSBT_OUT_BIP32 = 0x02,
    ZC_PSBT_OUT_TAP_BIP32 = 0x07,
    ZC_PSBT_GLOBAL_MODIFIABLE = 0x06,
};

typedef struct zc_psbt_record {
    uint64_t type;
    zc_slice key;      /* type and key data */
    zc_slice key_data; /* what follows the type */
    zc_slice value;
    zc_slice bytes; /* all of the record */
} zc_psbt_record;

typedef struct zc_psbt_map {
    zc_slice records; /* without the 00 that ends the map */
    bool fits_v0;     /* no record that version 0 (or 2) forbids */
    bool fits_v2;
    zc_slice slot[ZC_PSBT_SLOTS]; /* data is NULL where there is no record */
} zc_psbt_map;

/* Reads up to and with the 00 that ends the map, and takes its records off `*records_left`. On
 * failure the reader stands at the record at fault. Errors: ZC_INTENT_PSBT_RECORD, _DUPLICATE,
 * _LENGTH, _TOO_MANY; ZC_BASE_TRUNCATED. */
ZC_MUST_USE zc_result zc_psbt_read_map(zc_reader *reader, zc_psbt_scope scope, size_t *records_left,
                                       zc_psbt_map *ret_map);
/* The next record of a map that was read; false at its end. */
bool zc_psbt_next_record(zc_reader *records, zc_psbt_record *ret_record);
static inline bool zc_psbt_has(const zc_psbt_map *map, zc_psbt_slot slot)
{
    return map->slot[slot].data != NULL;
}

#endif
