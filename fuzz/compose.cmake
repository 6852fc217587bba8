foreach(what order fields)
    zc_fuzz(fuzz_compose_${what}
        CORPUS compose_${what}
        SOURCES ${CMAKE_SOURCE_DIR}/fuzz/compose_${what}.c
        USES base crypto codec intent compose)
    target_include_directories(fuzz_compose_${what} PRIVATE ${CMAKE_SOURCE_DIR}/fuzz)
endforeach()
