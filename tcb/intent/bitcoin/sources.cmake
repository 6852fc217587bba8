list(APPEND ZC_INTENT_SOURCES bitcoin/base58check.c)
