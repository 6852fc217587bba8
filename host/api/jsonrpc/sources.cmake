list(APPEND ZC_API_SOURCES jsonrpc/jsonrpc.c jsonrpc/methods.c jsonrpc/node.c jsonrpc/quantity.c jsonrpc/transaction.c)
