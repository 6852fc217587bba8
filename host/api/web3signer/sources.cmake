list(APPEND ZC_API_SOURCES web3signer/web3signer.c web3signer/data.c web3signer/opsigner.c)
