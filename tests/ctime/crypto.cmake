zc_ctime(ctime_crypto_sign SOURCES ctime/crypto_sign.c USES base crypto)
zc_ctime(ctime_crypto_symmetric SOURCES ctime/crypto_symmetric.c USES base crypto)
zc_ctime(ctime_crypto_kinds SOURCES ctime/crypto_kinds.c USES base crypto LINKS PkgConfig::CRYPTO)
