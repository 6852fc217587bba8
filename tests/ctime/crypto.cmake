zc_ctime(ctime_crypto_sign SOURCES ctime/crypto_sign.c USES base crypto)
zc_ctime(ctime_crypto_symmetric SOURCES ctime/crypto_symmetric.c USES base crypto)
zc_ctime(ctime_crypto_kinds SOURCES ctime/crypto_kinds.c USES base crypto LINKS PkgConfig::CRYPTO)

# Measures, where the others prove: by hand, on a quiet processor (docs/testing.md).
add_executable(dudect_crypto EXCLUDE_FROM_ALL ctime/dudect_crypto.c)
zc_use(dudect_crypto "base;crypto")
target_link_libraries(dudect_crypto PRIVATE PkgConfig::CRYPTO m)
