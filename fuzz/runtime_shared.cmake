zc_fuzz(fuzz_runtime_shared CORPUS runtime_shared SOURCES ${CMAKE_SOURCE_DIR}/fuzz/runtime_shared.c USES base runtime)
