#ifndef ZC_INTENT_REASONS_H
#define ZC_INTENT_REASONS_H

#include "base/result.h"

#define ZC_INTENT_REASONS(X)                                                                       \
    X(EMPTY, 1, "there are no bytes to decode")                                                    \
    X(TOO_LONG, 2, "the transaction or message is longer than ZeroCopy decodes")                   \
    X(FAMILY, 3, "the key does not sign for this kind of chain")                                   \
    X(NOT_A_TRANSACTION, 4,                                                                        \
      "not an EVM transaction: it starts neither with an RLP list nor with a transaction type")    \
    X(TYPE_UNKNOWN, 5, "no such EVM transaction type is known")                                    \
    X(ALREADY_SIGNED, 8, "the transaction is already signed: give its unsigned form (no v, r, s)") \
    X(NOT_SIGNED, 9, "the transaction carries no signature")                                       \
    X(FIELD_MISSING, 10, "the transaction has too few fields for its type")                        \
    X(FIELD_EXTRA, 11, "the transaction has too many fields for its type")                         \
    X(FIELD_KIND, 12, "a field is a list where a value is wanted, or a value where a list is")     \
    X(CHAIN_ID, 13, "the chain id is 2^63 or more (EIP-2294), or zero where EIP-155 wants one")    \
    X(NONCE, 14, "the nonce is not a number that an account can reach (at most 2^64 - 2)")         \
    X(GAS_LIMIT, 15,                                                                               \
      "the gas limit is not a canonical number, or too large for a node to take (64 bits)")        \
    X(GAS_PRICE, 16, "a gas price is not a canonical number of at most 256 bits")                  \
    X(TIP_ABOVE_MAX, 17, "the priority fee is greater than the maximum fee per gas")               \
    X(FEE_OVERFLOW, 18, "gas limit times gas price does not fit in 256 bits")                      \
    X(RECIPIENT, 19, "the recipient is neither empty nor 20 bytes")                                \
    X(VALUE, 20, "the value is not a canonical number of at most 256 bits")                        \
    X(ACCESS_LIST, 21, "the access list is not a list of [address, [32-byte keys]]")               \
    X(ACCESS_LIST_LONG, 22, "the access list names more addresses or keys than the limit")         \
    X(INIT_CODE_LONG, 23, "the init code is longer than 49152 bytes (EIP-3860)")                   \
    X(SIGNATURE_V, 24, "the signature's v (or parity) is none that this transaction can have")     \
    X(SIGNATURE_RANGE, 25, "the signature's r or s is zero, too large or not canonical")           \
    X(SIGNATURE_HIGH_S, 26, "the signature's s is in the upper half of its range (EIP-2)")         \
    X(SIGNATURE_KEY, 27, "no public key fits this signature")                                      \
    X(MESSAGE_IS_TRANSACTION, 28,                                                                  \
      "the message is a transaction: sign it as a transaction, or not at all")                     \
    X(DIGEST_SIZE, 29, "a digest is exactly 32 bytes")                                             \
    X(BAD_ENCODING, 30, "not the canonical encoding of an intent")                                 \
    X(TOO_MANY_MOVEMENTS, 31, "more movements than an intent holds")                               \
    X(CURVE, 32, "an EVM address belongs to a secp256k1 key")                                      \
    X(TOO_MANY_CALLS, 33, "more calls than an intent holds")                                       \
    X(TOO_MANY_ARGUMENTS, 34, "more arguments than an intent holds")                               \
    X(ADDRESS, 35, "not an address of this chain, or its checksum is wrong")                       \
    X(DESCRIPTOR, 40, "not a sound descriptor of a contract's method")                             \
    X(BLOB_SIDECAR, 41,                                                                            \
      "the transaction comes with its blobs: give it without, they are no part of what is signed") \
    X(BLOB_FEE, 42, "the blob fee is not a canonical number, or blobs times fee leave 256 bits")   \
    X(BLOB_HASHES, 43, "the blob hashes are not at most 32 hashes of version 1")                   \
    X(AUTHORIZATIONS, 44,                                                                          \
      "the authorizations are not 1 to 12 of [chain, address, nonce, parity, r, s]")               \
    X(NO_RECIPIENT, 45, "a blob or set-code transaction must name a recipient")                    \
    X(NOT_AN_AUTHORIZATION, 46,                                                                    \
      "not an EIP-7702 authorization: 05 and the list of chain, address and nonce")                \
    X(NOT_READ, 47, "the arguments of a call do not fit together")                                 \
    X(TYPED_VERSION, 70, "the typed data is in a form that this version does not know")            \
    X(TYPED_SEMANTICS, 71,                                                                         \
      "typed data is signed as eth_signTypedData_v3 or _v4, and in no other way")                  \
    X(TYPED_NAME, 72,                                                                              \
      "a type or a member of the typed data has a name that could be read as something else")      \
    X(TYPED_TYPE, 73,                                                                              \
      "a member's type is neither one of EIP-712's nor one that the typed data defines")           \
    X(TYPED_ORDER, 74,                                                                             \
      "the types of the typed data are not in ascending order, or one occurs twice")               \
    X(TYPED_MEMBER_TWICE, 75, "a type of the typed data has two members of the same name")         \
    X(TYPED_UNUSED, 76, "the typed data defines a type that nothing in it uses")                   \
    X(TYPED_UNDEFINED, 77, "the typed data does not define its primary type, or no EIP712Domain")  \
    X(TYPED_TOO_MANY, 78, "the typed data has more types, members or values than the limit")       \
    X(TYPED_TOO_DEEP, 79, "structs and arrays of the typed data are nested deeper than 16 levels") \
    X(TYPED_TOO_LARGE, 80, "the typed data takes more hashing than the limit")                     \
    X(TYPED_COUNT, 81,                                                                             \
      "a struct or an array of the typed data has not as many values as its type says")            \
    X(TYPED_RANGE, 82, "a number of the typed data does not fit in its type")                      \
    X(TYPED_LENGTH, 83, "a value of the typed data is not as long as its type says")               \
    X(TYPED_ARRAY, 84, "eth_signTypedData_v3 knows no arrays")                                     \
    X(TYPED_NULL, 85, "a value of the typed data is missing")                                      \
    X(TYPED_CHAIN_ID, 86, "the domain's chain id is none that a chain can have (63 bits)")         \
    X(PSBT_MAGIC, 100, "not a PSBT: it does not start with the bytes 70 73 62 74 ff")              \
    X(PSBT_LENGTH, 101, "a length or count is not in its shortest form")                           \
    X(PSBT_DUPLICATE, 102, "a map of the PSBT has the same key twice")                             \
    X(PSBT_RECORD, 103, "a record of the PSBT has not the form that its type demands")             \
    X(PSBT_VERSION, 104, "the PSBT is of a version other than 0 and 2")                            \
    X(PSBT_FIELD_MISSING, 105, "the PSBT lacks a record that its version demands")                 \
    X(PSBT_FIELD_MISPLACED, 106, "the PSBT has a record that its version does not allow")          \
    X(PSBT_TX_SIGNED, 107, "the PSBT's unsigned transaction carries signatures")                   \
    X(PSBT_TOO_MANY, 108, "the PSBT has more inputs, outputs or records than ZeroCopy decodes")    \
    X(BITCOIN_TX, 109, "not a well-formed Bitcoin transaction")                                    \
    X(BITCOIN_AMOUNT, 110, "an amount is more than there will ever be bitcoins")                   \
    X(BITCOIN_OVERSPENT, 111, "the outputs pay more than the inputs hold")                         \
    X(BITCOIN_INPUT_TWICE, 112, "the transaction spends the same output twice")                    \
    X(PSBT_PREVIOUS_TX, 113,                                                                       \
      "the previous transaction given for an input is not the one that it spends")                 \
    X(PSBT_UTXO_CONFLICT, 114, "the two descriptions of a spent output contradict each other")     \
    X(PSBT_UTXO_MISSING, 115, "an input without witness needs the whole previous transaction")     \
    X(PSBT_WITNESS_UTXO, 116, "a witness UTXO is given for an input that has no witness")          \
    X(PSBT_SCRIPT_MISMATCH, 117,                                                                   \
      "a script or key given for an input or output is not what it commits to")                    \
    X(PSBT_SCRIPT_UNKNOWN, 118, "this key is part of a script that ZeroCopy does not sign for")    \
    X(PSBT_SCRIPT_PATH, 119, "ZeroCopy spends taproot outputs by the key path only")               \
    X(PSBT_SIGHASH_TYPE, 120, "no such signature hash type exists for this input")                 \
    X(PSBT_SIGHASH_SINGLE, 121,                                                                    \
      "SIGHASH_SINGLE without an output of the same number would sign nothing")                    \
    X(PSBT_NOTHING_TO_SIGN, 122, "no input of the PSBT waits for a signature of this key")         \
    X(PSBT_TAPROOT_AMOUNTS, 123, "a taproot signature needs amount and script of every input")     \
    X(PSBT_LOCKTIME, 124, "the inputs demand lock times that exclude each other")                  \
    X(PSBT_INCOMPLETE, 125, "an input is not final, and its signatures do not suffice")            \
    X(PSBT_SIGNATURES, 126, "not one signature for each input that this key signs")                \
    X(PSBT_HASHING, 127,                                                                           \
      "so many old-style inputs would take too long to hash: sign fewer at once")                  \
    X(BIP322, 128, "this kind of address has no such message signature")                           \
    X(BITCOIN_KEY, 129, "a Bitcoin key is on secp256k1, and its network one of Bitcoin's")         \
    X(SOLANA_COMPACT, 130,                                                                         \
      "a count in the Solana message is not in its shortest form, or beyond 16 bits")              \
    X(SOLANA_VERSION, 131, "this version of Solana messages is not known")                         \
    X(SOLANA_HEADER, 132,                                                                          \
      "the numbers of signers, read-only and other accounts in the Solana message contradict "     \
      "each other")                                                                                \
    X(SOLANA_DUPLICATE, 133, "the Solana message lists an account twice")                          \
    X(SOLANA_INDEX, 134, "a Solana instruction names an account that the message does not have")   \
    X(SOLANA_PROGRAM, 135,                                                                         \
      "a Solana instruction calls the fee payer, or a program that the message does not name "     \
      "itself")                                                                                    \
    X(SOLANA_TABLE, 136, "an address table of the Solana message loads nothing, or too much")      \
    X(SOLANA_NOT_SIGNER, 137, "the key is not among the signers of the Solana message")            \
    X(SOLANA_NOT_WIRE, 138,                                                                        \
      "not a Solana transaction as the network carries it: signatures, then their message")        \
    X(SOLANA_OFFCHAIN, 139, "not an off-chain message of Solana in a layout that is known")        \
    X(SOLANA_OFFCHAIN_TEXT, 140,                                                                   \
      "the text of the off-chain message is not of the format that it announces")                  \
    X(SOLANA_OFFCHAIN_BOTH, 141, "the off-chain message can be read in two layouts")               \
    X(COSMOS_AMINO, 150,                                                                           \
      "this is a sign document of SIGN_MODE_LEGACY_AMINO_JSON: ask the wallet for "                \
      "SIGN_MODE_DIRECT")                                                                          \
    X(COSMOS_TEXTUAL, 151,                                                                         \
      "this is a sign document of SIGN_MODE_TEXTUAL: ask the wallet for SIGN_MODE_DIRECT")         \
    X(COSMOS_SIGN_DOC, 152,                                                                        \
      "not a SignDoc of Cosmos: body, auth info, chain id and account number")                     \
    X(COSMOS_WIRE, 153,                                                                            \
      "a field of the Cosmos transaction is of another kind than its definition says")             \
    X(COSMOS_CHAIN_ID, 154,                                                                        \
      "the Cosmos chain id is empty, longer than 50 characters or not printable ASCII")            \
    X(COSMOS_ADDRESS, 155,                                                                         \
      "an address in the Cosmos transaction is not bech32, or its checksum is wrong")              \
    X(COSMOS_AMOUNT, 156,                                                                          \
      "an amount in the Cosmos transaction is not a decimal number of at most 256 bits")           \
    X(COSMOS_DENOM, 157,                                                                           \
      "a denomination in the Cosmos transaction is not one that a chain allows")                   \
    X(COSMOS_ACTOR, 158, "a Cosmos message acts for another account than the signing key's")       \
    X(COSMOS_NOT_INVOLVED, 159,                                                                    \
      "no message of the Cosmos transaction acts for the signing key, nor does it pay the fee")    \
    X(COSMOS_DEPTH, 160, "Cosmos messages run others more than four levels deep")                  \
    X(COSMOS_SIGN_MODE, 161,                                                                       \
      "the Cosmos transaction wants another way of signing than SIGN_MODE_DIRECT with one key")    \
    X(COSMOS_SIGNERS, 162, "the Cosmos transaction has no signer, or more than sixteen")           \
    X(COSMOS_TEXT, 163, "a text in the Cosmos transaction is not UTF-8")                           \
    X(COSMOS_MISSING, 164, "a Cosmos message lacks a field that it cannot be without")             \
    X(COSMOS_NO_MESSAGES, 165, "the Cosmos transaction has no messages")                           \
    X(ORDER_VENUE, 170, "the order names no venue that is known")                                  \
    X(ORDER_ACTION, 171, "the order says nothing that a venue can be asked")                       \
    X(ORDER_TEXT, 172, "a text of the order is too long or not printable ASCII")                   \
    X(ORDER_DECIMAL, 173, "a number of the order is not digits with a point at most (30 places)")  \
    X(ORDER_FIELD, 174, "the order has a field that what it asks for never takes")                 \
    X(ORDER_MISSING, 175, "the order lacks a field that what it asks for always needs")            \
    X(ORDER_CHOICE, 176, "a side, order type or time in force is none that is known")              \
    X(ORDER_ENCODING, 177, "not the canonical encoding of an order")                               \
    X(ORDER_WHICH, 178, "an order to change or cancel is named by its order id or by its client id")

#define ZC_DECLARE_INTENT_REASON(name, number, text)                                               \
    ZC_INTENT_##name = ZC_REASON_CODE(ZC_MODULE_INTENT, number),
enum { ZC_INTENT_REASONS(ZC_DECLARE_INTENT_REASON) };

#endif
