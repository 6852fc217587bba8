list(APPEND ZC_INTENT_SOURCES
    descriptor.c
    descriptor_cbor.c
    evm/account.c
    evm/decode.c
    evm/fields.c
    evm/signature.c
    evm/calldata.c
    evm/values.c
    evm/movements.c
    evm/arguments.c
    evm/nested.c
    evm/special.c
    evm/universal.c
    evm/methods.c
    evm/methods_token.c
    evm/methods_control.c
    evm/methods_batch.c
    evm/methods_swap.c)
# Batches of a hundred calls spend their time in small functions that call each other.
set_source_files_properties(evm/calldata.c evm/nested.c evm/movements.c evm/arguments.c evm/values.c
    PROPERTIES COMPILE_OPTIONS "$<$<CONFIG:Release>:-O3>")
