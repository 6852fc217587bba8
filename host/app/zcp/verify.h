/* The parts of `zcp verify`. */
#ifndef ZC_ZCP_VERIFY_H
#define ZC_ZCP_VERIFY_H

#include "invocation.h"
#include "policy_state.h"

#define ZC_VERIFY_FILES 16
#define ZC_VERIFY_MEASUREMENTS 32
#define ZC_VERIFY_FIELD 1024
/* The longest evidence, also in hex or base64. */
#define ZC_VERIFY_EVIDENCE_MAX ((size_t)1 << 17)

/* What the command line asks for, and the memory that the policy points into. */
typedef struct zc_verify_input {
    zcp_policy policy;
    bool at_given;
    zc_bytes evidence;
    zc_bytes file[ZC_VERIFY_FILES]; /* collateral */
    zcp_bytes collateral[ZC_VERIFY_FILES];
    zc_bytes accepted;
    zcp_measurement measurement[ZC_VERIFY_MEASUREMENTS];
    uint8_t nonce[ZC_VERIFY_FIELD];
    uint8_t user_data[ZC_VERIFY_FIELD];
    uint8_t mission_hash[32];
    uint8_t log_key[32];
    uint8_t deployment_id[32];
    uint8_t release_key[32];
    char root[ZC_PATH_SIZE];
    json_t *radius; /* of a running enclave: what could still move */
    bool has_mission;
    zcp_mission mission; /* of a running enclave: with which it was born, and its change */
} zc_verify_input;

/* verify_input.c. Reads options and files; errors are reported and give the exit code. */
int zc_verify_read_policy(const zc_invocation *invocation, zc_verify_input *input);
/* Evidence as bytes, or as hex or base64 text. */
int zc_verify_read_evidence(const zc_invocation *invocation, const char *path,
                            zc_verify_input *input);
void zc_verify_clear(zc_verify_input *input);

/* verify_keys.c: a mission's hash from 64 digits, a compiled mission or a mission file; an Ed25519
 * key from 64 digits or PEM. */
int zc_verify_mission(const zc_invocation *invocation, const char *value,
                      uint8_t ret_hash[static 32]);
int zc_verify_release_key(const zc_invocation *invocation, const char *value,
                          uint8_t ret_key[static 32]);

/* verify_output.c. */
/* `radius` may be NULL, and `mission`, too. */
int zc_verify_print_json(const zcp_conclusion *conclusion, json_t *radius,
                         const zcp_mission *mission, const zcp_error *error);
/* The table; why and what next go to standard error, as for every command. */
void zc_verify_print_text(const zcp_conclusion *conclusion);

#endif
