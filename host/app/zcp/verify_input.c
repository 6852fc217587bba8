#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/hex.h"
#include "codec/base64.h"
#include "evidence/logged.h"
#include "payload.h"
#include "verify.h"

#define WHAT "cannot verify"
#define COLLATERAL_MAX ((size_t)1 << 20)
#define ACCEPTED_MAX ((size_t)1 << 16)

/* Calls `take` for each time that an option was given, in their order. */
typedef int (*take_fn)(const zc_invocation *invocation, const char *value, zc_verify_input *input);

static int each(const zc_invocation *invocation, const char *name, take_fn take,
                zc_verify_input *input)
{
    for (size_t i = 0; i < invocation->options; i++) {
        if (strcmp(invocation->name[i], name) == 0) {
            int code = take(invocation, invocation->value[i], input);
            if (code != ZC_EXIT_DONE) {
                return code;
            }
        }
    }
    return ZC_EXIT_DONE;
}

/* The same register twice: both must hold, so two values never do. */
static int add_measurement(const zc_invocation *invocation, const char *name, const char *hex,
                           zc_verify_input *input)
{
    zcp_measurement wanted = {0};
    size_t count = input->policy.measurement_count;
    if (count == ZC_VERIFY_MEASUREMENTS) {
        return zc_fail_usage(invocation, WHAT, "at most 32 measurements can be expected");
    }
    (void)snprintf(wanted.name, sizeof wanted.name, "%s", name);
    if (!zc_ok(zc_hex_decode_some(zc_slice_of_text(hex), wanted.value, sizeof wanted.value,
                                  &wanted.len)) ||
        wanted.len == 0) {
        return zc_fail_usage(invocation, WHAT,
                             "--measurement wants NAME=HEX with at most 64 bytes");
    }
    input->measurement[count] = wanted;
    input->policy.measurements = input->measurement;
    input->policy.measurement_count = count + 1;
    return ZC_EXIT_DONE;
}

static int add_pcr(const zc_invocation *invocation, const char *value, zc_verify_input *input)
{
    char name[8];
    char *end;
    unsigned long index = strtoul(value, &end, 10);
    if (!isdigit((unsigned char)value[0]) || index > 31 || *end != '=' || strlen(end + 1) != 96) {
        return zc_fail_usage(invocation, WHAT,
                             "--pcr wants N=HEX: a number to 31 and 96 hexadecimal digits");
    }
    (void)snprintf(name, sizeof name, "PCR%lu", index);
    return add_measurement(invocation, name, end + 1, input);
}

static int add_pcr0(const zc_invocation *invocation, const char *value, zc_verify_input *input)
{
    uint8_t checked[48];
    int code = zc_option_hex(invocation, "pcr0", checked, sizeof checked);
    return code == ZC_EXIT_DONE ? add_measurement(invocation, "PCR0", value, input) : code;
}

static int add_named(const zc_invocation *invocation, const char *value, zc_verify_input *input)
{
    char name[24];
    const char *equals = strchr(value, '=');
    size_t len = equals != NULL ? (size_t)(equals - value) : 0;
    if (len == 0 || len >= sizeof name) {
        return zc_fail_usage(invocation, WHAT,
                             "--measurement wants NAME=HEX with at most 64 bytes");
    }
    for (size_t i = 0; i < len; i++) {
        name[i] = (char)toupper((unsigned char)value[i]);
    }
    name[len] = '\0';
    return add_measurement(invocation, name, equals + 1, input);
}

static int add_collateral(const zc_invocation *invocation, const char *path, zc_verify_input *input)
{
    zc_error error = {0};
    size_t count = input->policy.collateral_count;
    if (count == ZC_VERIFY_FILES) {
        return zc_fail_usage(invocation, WHAT, "--collateral can be given 16 times");
    }
    if (!zc_ok(zc_file_read(path, COLLATERAL_MAX, &input->file[count], &error))) {
        return zc_fail_with(invocation, &error);
    }
    input->collateral[count] =
        (zcp_bytes){.data = input->file[count].data, .len = input->file[count].len};
    input->policy.collateral = input->collateral;
    input->policy.collateral_count = count + 1;
    return ZC_EXIT_DONE;
}

static int add_tcb(const zc_invocation *invocation, const char *value, zc_verify_input *input)
{
    static const struct {
        const char *name;
        uint32_t bit;
    } levels[] = {
        {"UpToDate", ZCP_TCB_UP_TO_DATE},
        {"SWHardeningNeeded", ZCP_TCB_SW_HARDENING_NEEDED},
        {"ConfigurationNeeded", ZCP_TCB_CONFIGURATION_NEEDED},
        {"ConfigurationAndSWHardeningNeeded", ZCP_TCB_CONFIGURATION_AND_SW_HARDENING_NEEDED},
        {"OutOfDate", ZCP_TCB_OUT_OF_DATE},
        {"OutOfDateConfigurationNeeded", ZCP_TCB_OUT_OF_DATE_CONFIGURATION_NEEDED},
    };
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
        if (strcasecmp(levels[i].name, value) == 0) {
            input->policy.tcb_accepted |=
                levels[i].bit | ZCP_TCB_UP_TO_DATE | ZCP_TCB_SW_HARDENING_NEEDED;
            return ZC_EXIT_DONE;
        }
    }
    return zc_fail_usage(invocation, WHAT,
                         "--tcb wants a rating of Intel's, such as ConfigurationNeeded or "
                         "OutOfDate; Revoked is never accepted");
}

/* An option of at most `capacity` bytes in hex; nothing happens when it was not given. */
static int read_bytes(const zc_invocation *invocation, const char *name, uint8_t *room,
                      size_t capacity, zcp_bytes *ret_bytes)
{
    char why[96];
    size_t len;
    const char *text = zc_option_value(invocation, name);
    if (text == NULL) {
        return ZC_EXIT_DONE;
    }
    if (!zc_ok(zc_hex_decode_some(zc_slice_of_text(text), room, capacity, &len))) {
        (void)snprintf(why, sizeof why, "--%s wants at most %zu bytes in hexadecimal", name,
                       capacity);
        return zc_fail_usage(invocation, WHAT, why);
    }
    *ret_bytes = (zcp_bytes){.data = room, .len = len};
    return ZC_EXIT_DONE;
}

static int read_hash(const zc_invocation *invocation, const char *name, uint8_t *room,
                     const uint8_t **ret_hash)
{
    if (!zc_option_given(invocation, name)) {
        return ZC_EXIT_DONE;
    }
    int code = zc_option_hex(invocation, name, room, 32);
    *ret_hash = room;
    return code;
}

static int read_time(const zc_invocation *invocation, zc_verify_input *input)
{
    const char *at = zc_option_value(invocation, "at");
    struct tm parsed = {0};
    if (at == NULL) {
        return ZC_EXIT_DONE;
    }
    const char *end = strptime(at, "%Y-%m-%dT%H:%M:%SZ", &parsed);
    if (end == NULL || *end != '\0') {
        return zc_fail_usage(invocation, WHAT,
                             "--at wants a UTC time such as 2024-09-07T14:38:42Z");
    }
    input->at_given = true;
    input->policy.at_seconds = (int64_t)timegm(&parsed);
    return ZC_EXIT_DONE;
}

static int read_accepted(const zc_invocation *invocation, zc_verify_input *input)
{
    const char *list = zc_option_value(invocation, "accept");
    const char *proof = zc_option_value(invocation, "measurements");
    const char *key = zc_option_value(invocation, "release-key");
    zc_error error = {0};
    if (list != NULL && proof != NULL) {
        return zc_fail_usage(invocation, WHAT, "give --accept or --measurements, not both");
    }
    bool published = list != NULL || proof != NULL;
    if (published != (key != NULL)) {
        return zc_fail_usage(
            invocation, WHAT,
            "--accept or --measurements, and --release-key go together: a list or a log "
            "counts when the key signed it");
    }
    if (!published) {
        return ZC_EXIT_DONE;
    }
    if (!zc_ok(zc_file_read(list != NULL ? list : proof, ACCEPTED_MAX, &input->accepted, &error))) {
        return zc_fail_with(invocation, &error);
    }
    if ((proof != NULL) != zc_logged_is(zc_bytes_slice(&input->accepted))) {
        return zc_fail_usage(invocation, WHAT,
                             "--accept wants a signed list, and --measurements an entry of the log "
                             "with its proof: this file is not that");
    }
    /* An empty list accepts nothing: it must not look like none. */
    static const uint8_t nothing = 0;
    input->policy.accepted =
        (zcp_bytes){.data = input->accepted.len > 0 ? input->accepted.data : &nothing,
                    .len = input->accepted.len};
    input->policy.release_key = input->release_key;
    return zc_verify_release_key(invocation, key, input->release_key);
}

static int read_values(const zc_invocation *invocation, zc_verify_input *input)
{
    zcp_policy *policy = &input->policy;
    policy->root_pem = zc_option_value(invocation, "root");
    policy->module_id = zc_option_value(invocation, "module-id");
    policy->accept_debug = zc_option_given(invocation, "allow-debug");
    int code = read_bytes(invocation, "nonce", input->nonce, sizeof input->nonce, &policy->nonce);
    if (code == ZC_EXIT_DONE) {
        code = read_bytes(invocation, "user-data", input->user_data, sizeof input->user_data,
                          &policy->user_data);
    }
    if (code == ZC_EXIT_DONE) {
        code = read_hash(invocation, "log-key", input->log_key, &policy->log_key);
    }
    if (code == ZC_EXIT_DONE) {
        code = read_hash(invocation, "deployment", input->deployment_id, &policy->deployment_id);
    }
    const char *mission = zc_option_value(invocation, "mission");
    if (code == ZC_EXIT_DONE && mission != NULL) {
        code = zc_verify_mission(invocation, mission, input->mission_hash);
        policy->mission_hash = input->mission_hash;
    }
    return code;
}

int zc_verify_read_policy(const zc_invocation *invocation, zc_verify_input *input)
{
    static const struct {
        const char *name;
        take_fn take;
    } repeated[] = {{"pcr0", add_pcr0},
                    {"pcr", add_pcr},
                    {"measurement", add_named},
                    {"collateral", add_collateral},
                    {"tcb", add_tcb}};
    int code = read_time(invocation, input);
    if (code == ZC_EXIT_DONE) {
        code = read_values(invocation, input);
    }
    for (size_t i = 0; code == ZC_EXIT_DONE && i < sizeof repeated / sizeof *repeated; i++) {
        code = each(invocation, repeated[i].name, repeated[i].take, input);
    }
    return code == ZC_EXIT_DONE ? read_accepted(invocation, input) : code;
}

/* Text is taken for what it stands for: hex first, then base64. White space does not count. */
static void decode_text(zc_bytes *bytes)
{
    size_t len = 0;
    for (size_t i = 0; i < bytes->len; i++) {
        if (bytes->data[i] < 0x20 && !isspace(bytes->data[i])) {
            return; /* binary */
        }
    }
    uint8_t *text = malloc(bytes->len + 1);
    if (text == NULL) {
        return;
    }
    for (size_t i = 0; i < bytes->len; i++) {
        if (!isspace(bytes->data[i])) {
            text[len++] = bytes->data[i];
        }
    }
    size_t decoded = 0;
    bool is_text =
        zc_ok(zc_hex_decode_some(zc_slice_of(text, len), bytes->data, bytes->len, &decoded));
    uint8_t *room = is_text ? NULL : malloc(bytes->len + 1);
    if (room != NULL &&
        zc_ok(zc_base64_decode(zc_slice_of(text, len), room, bytes->len, &decoded))) {
        memcpy(bytes->data, room, decoded);
        is_text = true;
    }
    bytes->len = is_text ? decoded : bytes->len;
    free(room);
    free(text);
}

int zc_verify_read_evidence(const zc_invocation *invocation, const char *path,
                            zc_verify_input *input)
{
    zc_error error = {0};
    if (!zc_ok(zc_file_read(path, ZC_VERIFY_EVIDENCE_MAX, &input->evidence, &error))) {
        return zc_fail_with(invocation, &error);
    }
    decode_text(&input->evidence);
    return ZC_EXIT_DONE;
}

void zc_verify_clear(zc_verify_input *input)
{
    for (size_t i = 0; i < ZC_VERIFY_FILES; i++) {
        zc_bytes_clear(&input->file[i]);
    }
    zc_bytes_clear(&input->accepted);
    zc_bytes_clear(&input->evidence);
}
