foreach(what solana cosmos)
    zc_fuzz(fuzz_intent_${what}
        CORPUS intent_${what}
        SOURCES ${CMAKE_SOURCE_DIR}/fuzz/intent_${what}.c
        USES base crypto codec intent)
endforeach()
