include(${CMAKE_CURRENT_LIST_DIR}/../tests/unit/api_fake/fake.cmake)
zc_fuzz(fuzz_api_kms SOURCES ${CMAKE_CURRENT_LIST_DIR}/api_kms.c ${ZC_API_FAKE} CORPUS api_kms USES ${ZC_API_USES})
zc_fuzz(fuzz_api_kms_sigv4 SOURCES ${CMAKE_CURRENT_LIST_DIR}/api_kms_sigv4.c CORPUS api_kms_sigv4 USES ${ZC_API_USES})
zc_fuzz(fuzz_api_rest SOURCES ${CMAKE_CURRENT_LIST_DIR}/api_rest.c ${ZC_API_FAKE} CORPUS api_rest USES ${ZC_API_USES})
foreach(what rpc vault ssh_agent)
    zc_fuzz(fuzz_api_${what} SOURCES ${CMAKE_CURRENT_LIST_DIR}/api_${what}.c ${ZC_API_FAKE} CORPUS api_${what} USES ${ZC_API_USES})
endforeach()
zc_fuzz(fuzz_api_clef_scan SOURCES ${CMAKE_CURRENT_LIST_DIR}/api_clef_scan.c CORPUS api_clef_scan USES ${ZC_API_USES}
        LINKS PkgConfig::JANSSON)
zc_fuzz(fuzz_api_json_flat SOURCES ${CMAKE_CURRENT_LIST_DIR}/api_json_flat.c CORPUS api_json_flat USES ${ZC_API_USES}
        LINKS PkgConfig::JANSSON)
zc_fuzz(fuzz_api_identities SOURCES ${CMAKE_CURRENT_LIST_DIR}/api_identities.c CORPUS api_identities USES ${ZC_API_USES})
zc_fuzz(fuzz_api_http SOURCES ${CMAKE_CURRENT_LIST_DIR}/api_http.c CORPUS api_http USES ${ZC_API_USES})
