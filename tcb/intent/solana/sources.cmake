list(APPEND ZC_INTENT_SOURCES
    solana/shape.c)
