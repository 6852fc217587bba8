/* `zcp`: a table of commands. */

#include "audit_place.h"
#include "commands.h"
#include "eif/reasons.h"
#include "log/reasons.h"
#include "mission/reasons.h"
#include "nsm_soft/reasons.h"
#include "support/reason.h"
#include "support/reasons.h"
#include "up.h"

static const zc_command commands[] = {
    {"up", "", "Starts ZeroCopy in the folder: a new deployment at the first time.", zc_up_options,
     0, 0, zc_run_up},
    {"down", "", "Stops it.", NULL, 0, 0, zc_run_down},
    {"status", "", "Says what runs, what it is, and what it does not protect against.", NULL, 0, 0,
     zc_run_status},
    {"key create", "NAME", "Makes a key inside the enclave.", zc_key_create_options, 1, 1,
     zc_run_key_create},
    {"key import", "NAME", "Brings a private key in, encrypted to a freshly attested import key.",
     zc_key_import_options, 1, 1, zc_run_key_import},
    {"key list", "", "Lists the keys.", NULL, 0, 0, zc_run_key_list},
    {"key show", "NAME", "Shows a key: its public half, origin, uses and birth certificate.", NULL,
     1, 1, zc_run_key_show},
    {"key disable", "NAME", "Disables a key for good.", NULL, 1, 1, zc_run_key_disable},
    {"tx decode", "[FILE|-]", "Says what a transaction would do. Offline.", zc_tx_decode_options, 0,
     1, zc_run_tx_decode},
    {"sign tx", "[FILE|-]",
     "Signs an unsigned transaction, PSBT or message of a chain, if policy allows what it does.",
     zc_sign_tx_options, 0, 1, zc_run_sign_tx},
    {"sign message", "[FILE|-]",
     "Signs a message: EIP-191 with a secp256k1 key, BIP-322 with --chain bitcoin.",
     zc_sign_message_options, 0, 1, zc_run_sign_message},
    {"sign typed-data", "[FILE|-]", "Signs EIP-712 typed data (JSON, as eth_signTypedData_v4).",
     zc_sign_typed_data_options, 0, 1, zc_run_sign_typed_data},
    {"sign order", "[FILE|-]", "Composes a venue's request from an order (JSON) and signs it.",
     zc_sign_order_options, 0, 1, zc_run_sign_order},
    {"sign digest", "[FILE|-]", "Signs 32 bytes (hex), if the mission grants raw digests.",
     zc_sign_digest_options, 0, 1, zc_run_sign_digest},
    {"attest", "", "Gets a fresh attestation document.", zc_attest_options, 0, 0, zc_run_attest},
    {"verify", "", "Verifies a document, or the running enclave. Exit 4 when it does not hold.",
     zc_verify_options, 0, 0, zc_run_verify},
    {"audit tail", "", "Shows the end of the log.", zc_audit_tail_options, 0, 0, zc_run_audit_tail},
    {"audit verify", "[FOLDER|PROOF]",
     "Checks the whole log, a folder of tiles, or one proof. Exit 4 when it does not hold.",
     zc_audit_verify_options, 0, 1, zc_run_audit_verify},
    {"audit prove", "SEQ|DIGEST|FILE", "Writes one file that proves one entry to anyone.",
     zc_audit_prove_options, 1, 1, zc_run_audit_prove},
    {"witness", "", "Runs a witness: cosigns logs that only ever grow. --dir holds its key.",
     zc_witness_options, 0, 0, zc_run_witness},
    {"audit export", "", "Prints the log as JSON Lines or CSV.", zc_audit_export_options, 0, 0,
     zc_run_audit_export},
    {"audit index", "", "Makes the index over the log, or holds it against the log.",
     zc_audit_index_options, 0, 0, zc_run_audit_index},
    {"audit redact", "SEQ", "Copies a journal without one group of one entry, for ever.",
     zc_audit_redact_options, 1, 1, zc_run_audit_redact},
    {"audit archive", "", "Copies the log to where nothing is ever replaced, and reads it back.",
     zc_audit_archive_options, 0, 0, zc_run_audit_archive},
    {"audit replay", "", "Decides the whole log again, also under another mission.",
     zc_audit_replay_options, 0, 0, zc_run_audit_replay},
    {"mission check", "FILE", "Finds what is wrong or odd in a mission file.", NULL, 1, 1,
     zc_run_mission_check},
    {"mission compile", "FILE",
     "Compiles a mission file to what the enclave reads, and prints its hash.", zc_mission_options,
     1, 1, zc_run_mission_compile},
    {"mission show", "FILE", "Says in plain words what a mission lets whom do.", NULL, 1, 1,
     zc_run_mission_show},
    {"mission test", "FILE", "Holds a mission to its cases: requests and the answers expected.",
     zc_mission_test_options, 1, 1, zc_run_mission_test},
    {"mission diff", "OLD NEW", "Says in plain words what another mission would change.", NULL, 2,
     2, zc_run_mission_diff},
    {"mission change", "NEW",
     "Asks for another mission in place of the one in force, and says what changes.", NULL, 1, 1,
     zc_run_mission_change},
    {"mission sign", "NEW", "Signs that change: each member compiles the file and signs its hash.",
     zc_mission_sign_options, 1, 1, zc_run_mission_sign},
    {"mission withdraw", "", "Withdraws the change that is under way.", NULL, 0, 0,
     zc_run_mission_withdraw},
    {"mission activate", "", "Puts the next mission in force, once enough have signed.", NULL, 0, 0,
     zc_run_mission_activate},
    {"mission status", "", "Says which mission is in force, and which change is under way.", NULL,
     0, 0, zc_run_mission_status},
    {"eif build", "", "Builds an enclave image and prints what it measures to.",
     zc_eif_build_options, 0, 0, zc_run_eif_build},
    {"eif measure", "FILE", "Says what an enclave image measures to: PCR0 to PCR2, PCR8.",
     zc_eif_measure_options, 1, 1, zc_run_eif_measure},
    {"eif describe", "FILE", "Checks an enclave image and says what is in it.",
     zc_eif_describe_options, 1, 1, zc_run_eif_describe},
    {"eif ramdisk", "", "Packs files into a ramdisk, the same bytes on every machine.",
     zc_eif_ramdisk_options, 0, 0, zc_run_eif_ramdisk},
    {"halt", "", "The kill switch: nothing is signed from now on.", zc_halt_options, 0, 0,
     zc_run_halt},
    {"resume", "", "Asks for signing to go on; a quorum of approvers must ask.", NULL, 0, 0,
     zc_run_resume},
    {"approvals", "[ID]", "Lists what waits for approvals; with ID, what that request would do.",
     NULL, 0, 1, zc_run_approvals},
    {"approve", "ID", "Approves a request that a rule holds back, as the enclave shows it.",
     zc_approve_options, 1, 1, zc_run_approve},
    {"revoke principal", "NAME",
     "Asks for all that a principal may do to be taken away; a quorum must ask.", NULL, 1, 1,
     zc_run_revoke_principal},
    {"revoke rule", "NAME", "Asks for what a rule allows to be taken away; a quorum must ask.",
     NULL, 1, 1, zc_run_revoke_rule},
    {"feed", "[FILE|-]", "Brings what a feed of the mission has said and signed.", NULL, 0, 1,
     zc_run_feed},
    {"gateway", "INTERFACE ...", "Serves the interfaces that programs already speak: kms, rest …",
     NULL, 1, ZC_ARGUMENTS_MAX, NULL},
    {"bench", "", "Measures, beside the bare libraries in the same run.", zc_bench_options, 0, 0,
     zc_run_bench},
    {"doctor", "", "Says what makes latency jump on this machine, and what to change.",
     zc_doctor_options, 0, 0, zc_run_doctor},
};

#define ROW_MISSION(name, number, text) ZC_REASON_ROW(MISSION, name, text)
#define ROW_NSM_SOFT(name, number, text) ZC_REASON_ROW(NSM_SOFT, name, text)
#define ROW_EIF(name, number, text) ZC_REASON_ROW(EIF, name, text)
#define ROW_LOG(name, number, text) ZC_REASON_ROW(LOG, name, text)
static const zc_reason log_reasons[] = {ZC_LOG_REASONS(ROW_LOG)};
static const zc_reason eif_reasons[] = {ZC_EIF_REASONS(ROW_EIF)};
static const zc_reason mission_reasons[] = {ZC_MISSION_REASONS(ROW_MISSION)};
static const zc_reason nsm_soft_reasons[] = {ZC_NSM_SOFT_REASONS(ROW_NSM_SOFT)};

int main(int argc, char **argv)
{
    zc_reason_register(eif_reasons, sizeof eif_reasons / sizeof eif_reasons[0]);
    zc_reason_register(log_reasons, sizeof log_reasons / sizeof log_reasons[0]);
    zc_reason_register(mission_reasons, sizeof mission_reasons / sizeof mission_reasons[0]);
    zc_reason_register(nsm_soft_reasons, sizeof nsm_soft_reasons / sizeof nsm_soft_reasons[0]);
    return zc_command_line(commands, sizeof commands / sizeof commands[0], argc, argv);
}
