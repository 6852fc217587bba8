list(APPEND ZC_INTENT_SOURCES
    eip712/decode.c
    eip712/types.c
    eip712/type_parse.c
    eip712/struct.c
    eip712/leaf.c
    eip712/known.c
    eip712/permit.c
    eip712/permit2.c
    eip712/safe.c
    eip712/order.c
    eip712/hyperliquid.c)
