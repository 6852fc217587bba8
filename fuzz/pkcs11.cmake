zc_fuzz(fuzz_pkcs11_attribute SOURCES pkcs11_attribute.c CORPUS pkcs11_attribute
    USES base crypto codec wire attest intent platform policy audit keys enclave runtime support evidence client pkcs11
    LINKS PkgConfig::CRYPTO PkgConfig::P11KIT)
include(${CMAKE_CURRENT_LIST_DIR}/../tests/unit/api_fake/fake.cmake)
zc_fuzz(fuzz_pkcs11_calls SOURCES ${CMAKE_CURRENT_LIST_DIR}/pkcs11_calls.c ${ZC_API_FAKE} CORPUS pkcs11_calls
    USES ${ZC_API_USES} evidence pkcs11 LINKS PkgConfig::CRYPTO PkgConfig::P11KIT)
