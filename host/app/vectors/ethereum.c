#include "ethereum.h"

#include "ethereum_typed.h"
#include "group.h"

static const zc_group groups[] = {
    {{"txbytes", "result", NULL}, zc_run_transaction_tests, NULL},
    {{"unsignedLegacy", "privateKey", NULL}, zc_run_ethers_all_types, NULL},
    {{"unsignedTransaction", "privateKey", NULL}, zc_run_ethers_legacy, NULL},
    {{"unsigned", "tx", "key"}, zc_run_ethers_typed, NULL},
    {{"expected_raw_transaction", "transaction", NULL}, zc_run_eth_account, NULL},
    {{"startgas", "signed", "key"}, zc_run_txtest, NULL},
    {{"icap", "address", NULL}, zc_run_accounts, NULL},
    {{"key", "addr", NULL}, zc_run_keyaddr, NULL},
    {{"sender", "creates", NULL}, zc_run_create, NULL},
    {{"keccak256", "sha256", NULL}, zc_run_hashes, NULL},
    {{"hmac", "algorithm", NULL}, zc_run_hmacs, NULL},
    {{"decoded", "encoded", NULL}, zc_run_ethers_rlp, NULL},
    {{"in", "out", NULL}, zc_run_rlp_tests, NULL},
    {{"recovered_validators", "signing_hash", NULL}, zc_run_ronin, NULL},
    {{"setup", "tests", NULL}, zc_run_trezor, NULL},
    {{"message_type", NULL, NULL}, zc_run_trust_messages, NULL},
    {{"message", "private_key", "signature"}, zc_run_personal_sign, NULL},
    {{"authorization", NULL, NULL}, zc_run_authorization, NULL},
    {{"domain", "types", "digest"}, zc_run_typed_data, NULL},
    {{"safe_tx_hash", NULL, NULL}, zc_run_safe_tx, NULL},
    {{"transactions", "decoded", NULL}, zc_run_multi_send, NULL},
    {{"args", "types", "result"},
     NULL,
     "general ABI encoding is not in the product: it reads calls"},
    {{"type", "value", "encoded"},
     NULL,
     "general ABI encoding is not in the product: it reads calls"},
    {{"signature", "sigHash", NULL}, NULL, "selectors from signatures are not in the product"},
    {{"pbkdf2", NULL, NULL}, NULL, "keys are not derived from passwords"},
    {{"scrypt", NULL, NULL}, NULL, "keys are not derived from passwords"},
    {{"password", "content", NULL}, NULL, "keystore files are not in this version"},
    {{NULL, NULL, NULL}, NULL, "nothing in this version uses cases of this form"},
};

void zc_run_ethereum(zc_report *report, const char *path, json_t *root)
{
    (void)path;
    zc_group_run(report, groups, root);
}
