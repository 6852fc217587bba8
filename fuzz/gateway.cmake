set(api_uses base crypto codec wire attest intent platform compose policy audit keys enclave runtime support client api)
set(api_fake ${CMAKE_CURRENT_LIST_DIR}/../tests/unit/api_kms/fake_zcp.c)
zc_fuzz(fuzz_api_kms SOURCES ${CMAKE_CURRENT_LIST_DIR}/api_kms.c ${api_fake} CORPUS api_kms USES ${api_uses})
zc_fuzz(fuzz_api_kms_sigv4 SOURCES ${CMAKE_CURRENT_LIST_DIR}/api_kms_sigv4.c CORPUS api_kms_sigv4 USES ${api_uses})
zc_fuzz(fuzz_api_rest SOURCES ${CMAKE_CURRENT_LIST_DIR}/api_rest.c ${api_fake} CORPUS api_rest USES ${api_uses})
foreach(what rpc vault ssh_agent)
    zc_fuzz(fuzz_api_${what} SOURCES ${CMAKE_CURRENT_LIST_DIR}/api_${what}.c ${api_fake} CORPUS api_${what} USES ${api_uses})
endforeach()
zc_fuzz(fuzz_api_clef_scan SOURCES ${CMAKE_CURRENT_LIST_DIR}/api_clef_scan.c CORPUS api_clef_scan USES ${api_uses}
        LINKS PkgConfig::JANSSON)
zc_fuzz(fuzz_api_json_flat SOURCES ${CMAKE_CURRENT_LIST_DIR}/api_json_flat.c CORPUS api_json_flat USES ${api_uses}
        LINKS PkgConfig::JANSSON)
