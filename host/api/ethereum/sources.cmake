list(APPEND ZC_API_SOURCES ethereum/account.c ethereum/envelope.c ethereum/node.c ethereum/personal.c ethereum/quantity.c ethereum/rpc.c ethereum/send.c
     ethereum/sign.c ethereum/transaction.c)
