list(APPEND ZC_INTENT_SOURCES
    solana/decode.c
    solana/effects.c
    solana/fee.c
    solana/fields.c
    solana/instruction.c
    solana/message.c
    solana/offchain.c
    solana/others.c
    solana/programs.c
    solana/shape.c
    solana/stake.c
    solana/system.c
    solana/token.c
    solana/wire.c)
