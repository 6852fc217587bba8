#ifndef ZC_KEYS_REASONS_H
#define ZC_KEYS_REASONS_H

#include "base/result.h"

#define ZC_KEYS_REASONS(X)                                                                         \
    X(BAD_NAME, 1,                                                                                 \
      "not a name: 1 to 63 of a-z, 0-9, dot, underscore and hyphen, a letter or digit first")      \
    X(DUPLICATE_NAME, 2, "a key of this name exists already")                                      \
    X(DUPLICATE_KEY, 3, "this public key exists already under another name")                       \
    X(FULL, 4, "the keyring holds as many keys as it can")                                         \
    X(BAD_RECORD, 5, "a key record holds a value that the format does not know")                   \
    X(OWNER_TOO_LONG, 6, "the owner's name is longer than a key record holds, or not plain text")  \
    X(SEAL_VERSION, 7, "the sealed data is of a version that this image does not know")            \
    X(SEAL_BROKEN, 8,                                                                              \
      "the sealed data does not open: it was changed, or sealed for another deployment, image or " \
      "mission")                                                                                   \
    X(SEAL_WRONG_KEY, 9, "the sealed data opens to another key than it names")                     \
    X(DERIVATION, 10, "no usable key could be derived from the root secret")                       \
    X(BAD_BIRTH, 11, "not a birth certificate")                                                    \
    X(BIRTH_WRONG_DEPLOYMENT, 12, "the birth certificate belongs to another deployment")           \
    X(BIRTH_WRONG_KEY, 13, "the birth certificate's key id does not belong to its public key")     \
    X(BIRTH_NOT_SIGNED, 14, "the deployment's identity did not sign this birth certificate")       \
    X(BAD_MATERIAL, 15, "these bytes are no secret of this kind of key")                           \
    X(BAD_PASSPHRASE, 16, "a venue's passphrase is 1 to 64 characters of printable ASCII")         \
    X(BAD_API_KEY, 17,                                                                             \
      "an API key's name is 1 to 256 characters of printable ASCII without spaces")                \
    X(VENUE_FULL, 18, "the keyring holds as many secrets of trading venues as it can")

#define ZC_DECLARE_KEYS_REASON(name, number, text)                                                 \
    ZC_KEYS_##name = ZC_REASON_CODE(ZC_MODULE_KEYS, number),
enum { ZC_KEYS_REASONS(ZC_DECLARE_KEYS_REASON) };

#endif
