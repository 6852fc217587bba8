list(APPEND ZC_INTENT_SOURCES
    bitcoin/base58check.c
    bitcoin/wire.c
    bitcoin/tx.c
    bitcoin/script.c
    bitcoin/sighash.c
    bitcoin/psbt_record.c
    bitcoin/psbt.c
    bitcoin/psbt_spent.c
    bitcoin/owner.c
    bitcoin/plan.c
    bitcoin/change.c
    bitcoin/decode.c
    bitcoin/psbt_write.c
    bitcoin/extract.c
    bitcoin/message.c)
