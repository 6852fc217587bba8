list(APPEND ZC_INTENT_SOURCES
    cosmos/auth_info.c
    cosmos/body.c
    cosmos/decode.c
    cosmos/messages_grant.c
    cosmos/messages_other.c
    cosmos/messages_sdk.c
    cosmos/sign_doc.c
    cosmos/values.c
    cosmos/walk.c)
