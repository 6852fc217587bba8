/* The commands of `zcp`, a function each. */
#ifndef ZC_ZCP_COMMANDS_H
#define ZC_ZCP_COMMANDS_H

#include "invocation.h"

int zc_run_status(zc_invocation *invocation);
int zc_run_key_create(zc_invocation *invocation);
int zc_run_key_import(zc_invocation *invocation);
int zc_run_key_list(zc_invocation *invocation);
int zc_run_key_show(zc_invocation *invocation);
int zc_run_key_disable(zc_invocation *invocation);
int zc_run_tx_decode(zc_invocation *invocation);
int zc_run_sign_tx(zc_invocation *invocation);
int zc_run_sign_message(zc_invocation *invocation);
int zc_run_sign_typed_data(zc_invocation *invocation);
int zc_run_sign_order(zc_invocation *invocation);
int zc_run_sign_digest(zc_invocation *invocation);
int zc_run_attest(zc_invocation *invocation);
int zc_run_verify(zc_invocation *invocation);
int zc_run_audit_tail(zc_invocation *invocation);
int zc_run_audit_verify(zc_invocation *invocation);
int zc_run_witness(zc_invocation *invocation);
int zc_run_audit_export(zc_invocation *invocation);
int zc_run_audit_prove(zc_invocation *invocation);
int zc_run_audit_redact(zc_invocation *invocation);
int zc_run_audit_archive(zc_invocation *invocation);
int zc_run_audit_replay(zc_invocation *invocation);
int zc_run_mission_check(zc_invocation *invocation);
int zc_run_mission_compile(zc_invocation *invocation);
int zc_run_mission_show(zc_invocation *invocation);
int zc_run_mission_test(zc_invocation *invocation);
int zc_run_mission_diff(zc_invocation *invocation);
int zc_run_mission_change(zc_invocation *invocation);
int zc_run_mission_sign(zc_invocation *invocation);
int zc_run_mission_withdraw(zc_invocation *invocation);
int zc_run_mission_activate(zc_invocation *invocation);
int zc_run_mission_status(zc_invocation *invocation);
int zc_run_eif_build(zc_invocation *invocation);
int zc_run_eif_measure(zc_invocation *invocation);
int zc_run_eif_describe(zc_invocation *invocation);
int zc_run_eif_ramdisk(zc_invocation *invocation);
int zc_run_halt(zc_invocation *invocation);
int zc_run_resume(zc_invocation *invocation);
int zc_run_approvals(zc_invocation *invocation);
int zc_run_approve(zc_invocation *invocation);
int zc_run_feed(zc_invocation *invocation);
int zc_run_revoke_principal(zc_invocation *invocation);
int zc_run_revoke_rule(zc_invocation *invocation);
int zc_run_gateway(zc_invocation *invocation);
int zc_run_bench(zc_invocation *invocation);
int zc_run_doctor(zc_invocation *invocation);

extern const zc_option zc_key_create_options[];
extern const zc_option zc_key_import_options[];
extern const zc_option zc_tx_decode_options[];
extern const zc_option zc_sign_tx_options[];
extern const zc_option zc_sign_message_options[];
extern const zc_option zc_sign_typed_data_options[];
extern const zc_option zc_sign_order_options[];
extern const zc_option zc_sign_digest_options[];
extern const zc_option zc_attest_options[];
extern const zc_option zc_verify_options[];
extern const zc_option zc_audit_tail_options[];
extern const zc_option zc_audit_verify_options[];
extern const zc_option zc_witness_options[];
extern const zc_option zc_audit_export_options[];
extern const zc_option zc_audit_prove_options[];
extern const zc_option zc_audit_redact_options[];
extern const zc_option zc_audit_archive_options[];
extern const zc_option zc_audit_replay_options[];
extern const zc_option zc_mission_options[];
extern const zc_option zc_mission_test_options[];
extern const zc_option zc_mission_sign_options[];
extern const zc_option zc_eif_build_options[];
extern const zc_option zc_eif_measure_options[];
extern const zc_option zc_eif_describe_options[];
extern const zc_option zc_eif_ramdisk_options[];
extern const zc_option zc_halt_options[];
extern const zc_option zc_approve_options[];
extern const zc_option zc_gateway_command_options[];
extern const zc_option zc_up_options[];
extern const zc_option zc_bench_options[];
extern const zc_option zc_doctor_options[];

#endif
