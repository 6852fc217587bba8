#include <stdio.h>
#include <time.h>

#include "base/ct.h"
#include "support/json.h"
#include "mission_change.h"
#include "verify.h"

static const char *const kinds[] = {"unknown", "AWS Nitro", "AMD SEV-SNP", "Intel SGX",
                                    "Intel TDX"};
static const char *const states[] = {"", "passed", "failed", "not-asked"};

static const char *kind_of(const zcp_conclusion *conclusion)
{
    return kinds[conclusion->kind <= ZCP_TDX ? conclusion->kind : 0];
}

/* What a register means, for people; "" where its owner decides. */
static const char *meaning_of(const char *name)
{
    static const struct {
        const char *name;
        const char *meaning;
    } meanings[] = {
        {"PCR0", "the image: kernel, command line, all of the code"},
        {"PCR1", "kernel, command line and first ramdisk"},
        {"PCR2", "the application's ramdisks"},
        {"PCR3", "the parent instance's role"},
        {"PCR4", "the parent instance"},
        {"PCR8", "who signed the image"},
        {"PCR16", "the mission"},
        {"MEASUREMENT", "the guest's memory at launch: the code"},
        {"HOST_DATA", "given by the host at launch"},
        {"ID_KEY_DIGEST", "who signed the guest's identity"},
        {"CHIP_ID", "which processor"},
        {"MRENCLAVE", "the enclave: the code"},
        {"MRSIGNER", "who signed the enclave"},
        {"MRTD", "the domain's memory at launch: firmware"},
        {"RTMR0", "measured while it ran: virtual hardware"},
        {"RTMR1", "measured while it ran: kernel"},
        {"RTMR2", "measured while it ran: system"},
        {"RTMR3", "measured while it ran: application"},
        {"MRSEAM", "Intel's TDX module"},
    };
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++) {
        if (strcmp(meanings[i].name, name) == 0) {
            return meanings[i].meaning;
        }
    }
    return "";
}

static json_t *checks_json(const zcp_conclusion *conclusion)
{
    json_t *list = json_array();
    for (size_t i = 0; list != NULL && i < conclusion->check_count; i++) {
        const zcp_check *check = &conclusion->check[i];
        json_t *one = json_object();
        bool made = one != NULL && zc_json_set_text(one, "name", check->name) &&
                    zc_json_set_text(one, "state", states[check->state]) &&
                    zc_json_set_text(one, "detail", check->detail);
        if (json_array_append_new(list, one) != 0 || !made) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

/* Every register by name; for PCRs also by number, as scripts read them. */
static json_t *measurements_json(const zcp_conclusion *conclusion, bool only_pcrs)
{
    json_t *out = json_object();
    for (size_t i = 0; out != NULL && i < conclusion->measurement_count; i++) {
        const zcp_measurement *m = &conclusion->measurement[i];
        bool is_pcr = strncmp(m->name, "PCR", 3) == 0;
        if (!only_pcrs || is_pcr) {
            (void)zc_json_set_hex(out, only_pcrs ? m->name + 3 : m->name,
                                  zc_slice_of(m->value, m->len));
        }
    }
    return out;
}

static bool set_claims(json_t *out, const zcp_conclusion *c)
{
    bool made = zc_json_set(out, "measurements", measurements_json(c, false)) &&
                zc_json_set_text(out, "module_id", c->module_id) &&
                zc_json_set_hex(out, "nonce", zc_slice_of(c->nonce, c->nonce_len)) &&
                zc_json_set_hex(out, "user_data", zc_slice_of(c->user_data, c->user_data_len)) &&
                zc_json_set_hex(out, "public_key", zc_slice_of(c->public_key, c->public_key_len)) &&
                zc_json_set_text(out, "platform", c->platform) &&
                zc_json_set_text(out, "tcb_status", c->tcb_status) &&
                zc_json_set_text(out, "advisories", c->advisories) &&
                zc_json_set_text(out, "accepted_as", c->accepted_as);
    if (made && c->has_time) {
        made = zc_json_set_u64(out, "timestamp_ms", c->timestamp_ms);
    }
    if (made && c->ours) {
        made = zc_json_set_hex(out, "deployment_id", ZC_SLICE_OF_ARRAY(c->deployment_id)) &&
               zc_json_set_hex(out, "mission_hash", ZC_SLICE_OF_ARRAY(c->mission_hash)) &&
               zc_json_set_hex(out, "log_key", ZC_SLICE_OF_ARRAY(c->log_key)) &&
               zc_json_set_hex(out, "boot_id", ZC_SLICE_OF_ARRAY(c->boot_id));
    }
    return made;
}

int zc_verify_print_json(const zcp_conclusion *c, json_t *radius, const zcp_mission *mission,
                         const zcp_error *error)
{
    json_t *out = json_object();
    bool made = out != NULL && zc_json_set_bool(out, "valid", c->valid) &&
                zc_json_set_text(out, "reason", c->valid ? "" : error->why) &&
                zc_json_set_bool(out, "hardware", c->hardware) &&
                zc_json_set(out, "pcrs", measurements_json(c, true)) &&
                zc_json_set_text(out, "kind", kind_of(c)) &&
                zc_json_set_bool(out, "development", c->development) &&
                zc_json_set_bool(out, "debug", c->debug) &&
                zc_json_set(out, "checks", checks_json(c)) &&
                (radius == NULL || zc_json_set(out, "radius", json_incref(radius))) &&
                (mission == NULL || zc_json_set(out, "mission_change", zc_mission_json(mission)));
    if (made) {
        made = c->valid ? set_claims(out, c) : zc_json_set_text(out, "reason_name", error->reason);
    }
    bool printed = made && zc_json_print(stdout, out);
    json_decref(out);
    return !printed ? ZC_EXIT_FAILED : c->valid ? ZC_EXIT_DONE : ZC_EXIT_NOT_VERIFIED;
}

static void print_row(const char *label, const uint8_t *bytes, size_t len, const char *meaning)
{
    (void)printf("  %-17s ", label);
    for (size_t i = 0; i < len; i++) {
        (void)printf("%02x", bytes[i]);
    }
    (void)printf("%s%s\n", meaning[0] != '\0' ? "  " : "", meaning);
}

static void print_checks(const zcp_conclusion *c)
{
    static const char *const marks[] = {"", "ok", "FAILED", "-"};
    for (size_t i = 0; i < c->check_count; i++) {
        (void)printf("  %-17s %-7s %s\n", c->check[i].name, marks[c->check[i].state],
                     c->check[i].detail);
    }
}

static const char *hardware_text(const zcp_conclusion *c)
{
    if (c->hardware) {
        return "yes, under its maker's root";
    }
    if (c->debug) {
        return "NO: debug mode; its host reads everything in it";
    }
    return c->development ? "NO: a development root signed this; it proves nothing about hardware"
                          : "NO";
}

static void print_time(const zcp_conclusion *c)
{
    char text[32];
    time_t seconds = (time_t)(c->timestamp_ms / 1000);
    struct tm parts;
    if (c->has_time && gmtime_r(&seconds, &parts) != NULL &&
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts) > 0) {
        (void)printf("made: %s\n", text);
    }
}

static void print_claims(const zcp_conclusion *c)
{
    if (c->module_id[0] != '\0') {
        (void)printf("module: %s\n", c->module_id);
    }
    if (c->platform[0] != '\0') {
        (void)printf("platform: %s\n", c->platform);
    }
    if (c->tcb_status[0] != '\0') {
        (void)printf("Intel's rating: %s%s%s\n", c->tcb_status,
                     c->advisories[0] != '\0' ? "; " : "", c->advisories);
    }
    if (c->accepted_as[0] != '\0') {
        (void)printf("published as: %s\n", c->accepted_as);
    }
    print_time(c);
    (void)printf("\nwhat it is\n");
    for (size_t i = 0; i < c->measurement_count; i++) {
        const zcp_measurement *m = &c->measurement[i];
        if (!zc_ct_is_zero(m->value, m->len)) {
            print_row(m->name, m->value, m->len, meaning_of(m->name));
        }
    }
    if (c->ours) {
        print_row("deployment", c->deployment_id, sizeof c->deployment_id, "whose enclave");
        print_row("mission", c->mission_hash, sizeof c->mission_hash,
                  "SHA-256 of the compiled mission");
        print_row("log key", c->log_key, sizeof c->log_key, "signs the log's checkpoints");
        print_row("boot", c->boot_id, sizeof c->boot_id, "since which start");
    }
}

void zc_verify_print_text(const zcp_conclusion *c)
{
    (void)printf("%s: %s\n", c->valid ? "valid" : "NOT VALID", kind_of(c));
    (void)printf("hardware: %s\n", hardware_text(c));
    if (!c->valid) {
        (void)printf("\nwhat was checked\n");
        print_checks(c);
        return;
    }
    print_claims(c);
    (void)printf("\nwhat was checked\n");
    print_checks(c);
}
