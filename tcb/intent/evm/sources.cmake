list(APPEND ZC_INTENT_SOURCES
    evm/account.c
    evm/decode.c
    evm/fields.c
    evm/signature.c
    evm/calldata.c)
