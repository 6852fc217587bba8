foreach(what order action)
    zc_fuzz(fuzz_compose_chain_${what}
        CORPUS compose_chain_${what}
        SOURCES ${CMAKE_SOURCE_DIR}/fuzz/compose_chain_${what}.c
        USES base crypto codec intent compose)
endforeach()
