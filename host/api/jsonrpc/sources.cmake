list(APPEND ZC_API_SOURCES jsonrpc/jsonrpc.c)
