#include "intent/solana/methods.h"

/* The upgradeable loader: who may replace code, and when it is replaced. */
const zc_solana_method zc_solana_loader_methods[] = {
    {
        .id = 3,
        .least = 7,
        .operation = ZC_OPERATION_CONTROL,
        .flags = ZC_FLAG_PROXY_UPGRADE,
        .name = "upgrade",
        .role = {[0] = "programData"},
        .effect = {{.kind = ZC_MOVEMENT_CONTROL,
                    .asset = ZC_SOLANA_LAMPORTS,
                    .mint = 0,
                    .from = 1,
                    .to = 2,
                    .authority = 6,
                    .amount = ZC_SOLANA_NONE},
                   {.kind = ZC_MOVEMENT_OUT,
                    .asset = ZC_SOLANA_LAMPORTS,
                    .mint = 0,
                    .from = 2,
                    .to = 3,
                    .authority = 6,
                    .amount = ZC_SOLANA_ALL}},
    },
    {
        .id = 4,
        .least = 2,
        .operation = ZC_OPERATION_CONTROL,
        .flags = ZC_FLAG_CONTROL_CHANGE,
        .name = "setAuthority",
        .effect = {{.kind = ZC_MOVEMENT_CONTROL,
                    .asset = ZC_SOLANA_LAMPORTS,
                    .mint = 0,
                    .from = 0,
                    .to = 2,
                    .authority = 1,
                    .amount = ZC_SOLANA_NONE}},
    },
    {
        .id = 5,
        .least = 2,
        .operation = ZC_OPERATION_TRANSFER,
        .name = "close",
        .effect = {{.kind = ZC_MOVEMENT_OUT,
                    .asset = ZC_SOLANA_LAMPORTS,
                    .mint = 0,
                    .from = 0,
                    .to = 1,
                    .authority = 2,
                    .amount = ZC_SOLANA_ALL}},
    },
    {
        .id = 6,
        .least = 2,
        .operation = ZC_OPERATION_CONTRACT_CALL,
        .name = "extendProgram",
        .role = {[0] = "programData", [1] = "program"},
        .field = {{ZC_SOLANA_U32, "additionalBytes"}},
    },
    {
        .id = 7,
        .least = 3,
        .operation = ZC_OPERATION_CONTROL,
        .flags = ZC_FLAG_CONTROL_CHANGE,
        .name = "setAuthorityChecked",
        .effect = {{.kind = ZC_MOVEMENT_CONTROL,
                    .asset = ZC_SOLANA_LAMPORTS,
                    .mint = 0,
                    .from = 0,
                    .to = 2,
                    .authority = 1,
                    .amount = ZC_SOLANA_NONE}},
    },
};
const size_t zc_solana_loader_count =
    sizeof(zc_solana_loader_methods) / sizeof(zc_solana_loader_methods[0]);

/* Address lookup tables. Making or growing one costs rent that the message does not state. */
const zc_solana_method zc_solana_table_methods[] = {
    {
        .id = 0,
        .least = 4,
        .operation = ZC_OPERATION_CONTRACT_CALL,
        .flags = ZC_FLAG_PARTIAL_DECODE,
        .name = "createLookupTable",
        .role = {[0] = "lookupTable", [1] = "authority", [2] = "payer"},
        .field = {{ZC_SOLANA_U64, "recentSlot"}, {ZC_SOLANA_U8, "bump"}},
    },
    {
        .id = 1,
        .least = 2,
        .operation = ZC_OPERATION_CONTROL,
        .flags = ZC_FLAG_CONTROL_CHANGE,
        .name = "freezeLookupTable",
        .role = {[0] = "lookupTable", [1] = "authority"},
    },
    {
        .id = 2,
        .least = 2,
        .operation = ZC_OPERATION_CONTRACT_CALL,
        .flags = ZC_FLAG_PARTIAL_DECODE,
        .name = "extendLookupTable",
        .role = {[0] = "lookupTable", [1] = "authority", [2] = "payer"},
        .field = {{ZC_SOLANA_KEYS, "addresses"}},
    },
    {
        .id = 3,
        .least = 2,
        .operation = ZC_OPERATION_CONTRACT_CALL,
        .name = "deactivateLookupTable",
        .role = {[0] = "lookupTable", [1] = "authority"},
    },
    {
        .id = 4,
        .least = 3,
        .operation = ZC_OPERATION_TRANSFER,
        .name = "closeLookupTable",
        .effect = {{.kind = ZC_MOVEMENT_OUT,
                    .asset = ZC_SOLANA_LAMPORTS,
                    .mint = 0,
                    .from = 0,
                    .to = 2,
                    .authority = 1,
                    .amount = ZC_SOLANA_ALL}},
    },
};
const size_t zc_solana_table_count =
    sizeof(zc_solana_table_methods) / sizeof(zc_solana_table_methods[0]);

/* Compute budget: what the fee is made of (fee.c). */
const zc_solana_method zc_solana_budget_methods[] = {
    {
        .id = 1,
        .least = 0,
        .operation = ZC_OPERATION_CONTRACT_CALL,
        .name = "requestHeapFrame",
        .field = {{ZC_SOLANA_U32, "bytes"}},
    },
    {
        .id = 2,
        .least = 0,
        .operation = ZC_OPERATION_CONTRACT_CALL,
        .name = "setComputeUnitLimit",
        .field = {{ZC_SOLANA_U32, "units"}},
    },
    {
        .id = 3,
        .least = 0,
        .operation = ZC_OPERATION_CONTRACT_CALL,
        .name = "setComputeUnitPrice",
        .field = {{ZC_SOLANA_U64, "microLamports"}},
    },
    {
        .id = 4,
        .least = 0,
        .operation = ZC_OPERATION_CONTRACT_CALL,
        .name = "setLoadedAccountsDataSizeLimit",
        .field = {{ZC_SOLANA_U32, "bytes"}},
    },
};
const size_t zc_solana_budget_count =
    sizeof(zc_solana_budget_methods) / sizeof(zc_solana_budget_methods[0]);

/* Associated token accounts: made for a wallet at the cost of their rent. */
const zc_solana_method zc_solana_associated_methods[] = {
    {
        .id = 0,
        .least = 6,
        .operation = ZC_OPERATION_CONTRACT_CALL,
        .name = "create",
        .role = {[2] = "wallet", [3] = "mint"},
        .effect = {{.kind = ZC_MOVEMENT_OUT,
                    .asset = ZC_SOLANA_LAMPORTS,
                    .mint = 0,
                    .from = 0,
                    .to = 1,
                    .authority = 0,
                    .amount = ZC_SOLANA_RENT}},
    },
    {
        .id = 1,
        .least = 6,
        .operation = ZC_OPERATION_CONTRACT_CALL,
        .name = "createIdempotent",
        .role = {[2] = "wallet", [3] = "mint"},
        .effect = {{.kind = ZC_MOVEMENT_OUT,
                    .asset = ZC_SOLANA_LAMPORTS,
                    .mint = 0,
                    .from = 0,
                    .to = 1,
                    .authority = 0,
                    .amount = ZC_SOLANA_RENT}},
    },
    {
        .id = 2,
        .least = 7,
        .operation = ZC_OPERATION_TOKEN_TRANSFER,
        .name = "recoverNested",
        .role = {[3] = "ownerAccount", [5] = "wallet"},
        .effect = {{.kind = ZC_MOVEMENT_OUT,
                    .asset = ZC_SOLANA_OF_MINT,
                    .mint = 1,
                    .from = 0,
                    .to = 2,
                    .authority = 5,
                    .amount = ZC_SOLANA_ALL}},
    },
};
const size_t zc_solana_associated_count =
    sizeof(zc_solana_associated_methods) / sizeof(zc_solana_associated_methods[0]);
