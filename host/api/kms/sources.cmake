list(APPEND ZC_API_SOURCES kms/aliases.c kms/answer.c kms/keys.c kms/kms.c kms/names.c kms/replay.c kms/sign.c
    kms/signing_keys.c kms/sigv4.c kms/store.c)
