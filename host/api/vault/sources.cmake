list(APPEND ZC_API_SOURCES vault/answer.c vault/keys.c vault/sign.c vault/system.c vault/terms.c vault/vault.c
     vault/verify.c)
