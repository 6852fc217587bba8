zc_fuzz(fuzz_intent_typed_data
    CORPUS intent_typed_data
    SOURCES ${CMAKE_SOURCE_DIR}/fuzz/intent_typed_data.c
    USES base crypto codec intent)
