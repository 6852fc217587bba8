zc_ctime(ctime_enclave SOURCES ctime/enclave.c unit/enclave/driver.c unit/enclave/driver_store.c
            unit/enclave/driver_client.c
         USES base crypto codec wire attest intent platform compose policy audit keys enclave)
if(ZC_CTIME)
    target_include_directories(ctime_enclave PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/unit/enclave)
endif()
