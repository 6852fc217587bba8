foreach(what intent_evm_calldata intent_descriptor)
    zc_fuzz(fuzz_${what} CORPUS ${what} SOURCES ${CMAKE_CURRENT_LIST_DIR}/${what}.c USES base crypto codec intent)
endforeach()
zc_fuzz(fuzz_codec_abi CORPUS codec_abi SOURCES ${CMAKE_CURRENT_LIST_DIR}/codec_abi.c USES base codec)
