# The step under a hostile host and under hostile clients, driven as the unit tests drive it.
set(enclave_uses base crypto codec wire attest intent platform compose policy audit keys enclave)
set(enclave_driver ${CMAKE_SOURCE_DIR}/tests/unit/enclave)
foreach(what host record)
    zc_fuzz(fuzz_enclave_${what} CORPUS enclave_${what}
            SOURCES ${CMAKE_CURRENT_LIST_DIR}/enclave_${what}.c ${enclave_driver}/driver.c ${enclave_driver}/driver_store.c
            ${enclave_driver}/driver_client.c
            USES ${enclave_uses})
    target_include_directories(fuzz_enclave_${what} PRIVATE ${enclave_driver})
endforeach()
