zc_fuzz(fuzz_pkcs11_attribute SOURCES pkcs11_attribute.c CORPUS pkcs11_attribute
    USES base crypto codec wire attest intent platform policy audit keys enclave runtime support evidence client pkcs11
    LINKS PkgConfig::CRYPTO PkgConfig::P11KIT)
