# A gateway's translators without an enclave and without a socket, for unit tests and fuzz targets.
set(ZC_API_FAKE ${CMAKE_CURRENT_LIST_DIR}/fake_zcp.c ${CMAKE_CURRENT_LIST_DIR}/fake_gateway.c)
set(ZC_API_USES base crypto codec wire attest intent platform compose policy audit keys enclave runtime support client api)
