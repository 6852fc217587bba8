zc_fuzz(fuzz_runtime_hello CORPUS runtime_hello SOURCES ${CMAKE_SOURCE_DIR}/fuzz/runtime_hello.c USES base runtime)
zc_fuzz(fuzz_runtime_link CORPUS runtime_link SOURCES ${CMAKE_SOURCE_DIR}/fuzz/runtime_link.c USES base codec crypto wire runtime)
