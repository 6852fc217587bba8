/* The interfaces of `zcp gateway`, one row each: the name of its zc_translator_NAME. */
#ifndef ZC_API_TRANSLATORS_H
#define ZC_API_TRANSLATORS_H

#include "api/gateway.h"

#define ZC_TRANSLATORS(X)                                                                          \
    X(clef)                                                                                        \
    X(jsonrpc)                                                                                     \
    X(kms)                                                                                         \
    X(rest)                                                                                        \
    X(ssh_agent)                                                                                   \
    X(vault)                                                                                       \
    X(web3signer)

#define ZC_DECLARE_TRANSLATOR(name) extern const zc_translator zc_translator_##name;
ZC_TRANSLATORS(ZC_DECLARE_TRANSLATOR)

/* NULL: there is none of this name. */
const zc_translator *zc_translator_by_name(const char *name);

#endif
