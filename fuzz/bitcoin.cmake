zc_fuzz(fuzz_intent_bitcoin_psbt
    CORPUS intent_bitcoin_psbt
    SOURCES ${CMAKE_SOURCE_DIR}/fuzz/intent_bitcoin_psbt.c
    USES base crypto codec intent)
zc_fuzz(fuzz_intent_bitcoin_text
    CORPUS intent_bitcoin_text
    SOURCES ${CMAKE_SOURCE_DIR}/fuzz/intent_bitcoin_text.c
    USES base crypto codec intent)
