/* `zcp eif measure` and `zcp eif describe`. */
#include "eif.h"

#include <stdio.h>
#include <time.h>

#include "base/hex.h"
#include "commands.h"
#include "crypto/hash.h"
#include "eif_log.h"
#include "eif/metadata.h"
#include "support/json.h"
#include "support/reasons.h"

#define MEASURE_OPTIONS                                                                            \
    {"role", "ARN", "the parent instance's role: gives PCR3"},                                     \
        {"instance", "ID", "the parent instance: gives PCR4"},                                     \
    {                                                                                              \
        NULL, NULL, NULL                                                                           \
    }

const zc_option zc_eif_measure_options[] = {
    {"append", "LOG", "append PCR0 to PCR2 to this public log of measurements"},
    {"label", "NAME", "what the release is called there"},
    {"from", "TIME", "the first second at which it counts, RFC 3339"},
    {"until", "TIME", "the last one"},
    {"private-key", "FILE", "the Ed25519 key that signs the log's checkpoints"},
    {"proof", "FILE", "where the entry's proof goes"},
    MEASURE_OPTIONS};
const zc_option zc_eif_describe_options[] = {MEASURE_OPTIONS};

int zc_eif_fail(const zc_invocation *invocation, zc_result why, const char *what, const char *next)
{
    zc_error error = {0};
    zc_result set = zc_error_from(&error, why, what, next);
    (void)set;
    return zc_fail_with(invocation, &error);
}

int zc_eif_load(const zc_invocation *invocation, zc_bytes *ret_file, zc_eif *ret_eif)
{
    zc_error error = {0};
    const char *path = invocation->argument[0];
    if (!zc_ok(zc_file_read(path, ZC_EIF_FILE_MAX, ret_file, &error))) {
        return zc_fail_with(invocation, &error);
    }
    zc_result parsed = zc_eif_parse(zc_bytes_slice(ret_file), ret_eif);
    if (zc_ok(parsed) && ret_eif->has_metadata) {
        parsed = zc_eif_metadata_check(ret_eif->metadata);
    }
    if (zc_ok(parsed)) {
        return ZC_EXIT_DONE;
    }
    zc_result set = zc_error_from(&error, parsed, "", "get it again, or build it anew");
    zc_error_what(&error, "cannot use the image %s", path);
    (void)set;
    error.exit_code = ZC_EXIT_NOT_VERIFIED;
    return zc_fail_with(invocation, &error);
}

int zc_eif_check_signature(const zc_invocation *invocation, const zc_eif *eif, bool *ret_has,
                           zc_eif_signer *ret_signer)
{
    zc_eif_pcrs pcrs;
    *ret_has = eif->has_signature;
    if (!eif->has_signature) {
        return ZC_EXIT_DONE;
    }
    zc_eif_measure(eif, &pcrs);
    zc_result held = zc_eif_verify(eif->signature, pcrs.pcr0, ret_signer);
    if (zc_ok(held)) {
        return ZC_EXIT_DONE;
    }
    zc_error error = {0};
    zc_result set = zc_error_from(&error, held, "the image's signature does not hold",
                                  "do not start it; get it from whoever released it");
    (void)set;
    error.exit_code = ZC_EXIT_NOT_VERIFIED;
    return zc_fail_with(invocation, &error);
}

static void put(zc_eif_register *registers, size_t *count, unsigned index, const uint8_t *value)
{
    registers[*count].index = index;
    memcpy(registers[*count].value, value, ZC_EIF_PCR_SIZE);
    (*count)++;
}

size_t zc_eif_registers(const zc_invocation *invocation, const zc_eif *eif, bool is_signed,
                        const zc_eif_signer *signer, zc_eif_register ret_registers[static 6])
{
    zc_eif_pcrs pcrs;
    uint8_t other[ZC_EIF_PCR_SIZE] = {0};
    size_t count = 0;
    const char *role = zc_option_value(invocation, "role");
    const char *instance = zc_option_value(invocation, "instance");
    zc_eif_measure(eif, &pcrs);
    put(ret_registers, &count, 0, pcrs.pcr0);
    put(ret_registers, &count, 1, pcrs.pcr1);
    put(ret_registers, &count, 2, pcrs.pcr2);
    if (is_signed) {
        zc_eif_measure_certificate(zc_slice_of(signer->certificate, signer->certificate_len),
                                   other);
    }
    uint8_t pcr8[ZC_EIF_PCR_SIZE];
    memcpy(pcr8, other, sizeof pcr8);
    if (role != NULL) {
        zc_eif_measure_text(zc_slice_of_text(role), other);
        put(ret_registers, &count, 3, other);
    }
    if (instance != NULL) {
        zc_eif_measure_text(zc_slice_of_text(instance), other);
        put(ret_registers, &count, 4, other);
    }
    put(ret_registers, &count, 8, pcr8);
    return count;
}

json_t *zc_eif_registers_json(const zc_eif_register *registers, size_t count)
{
    json_t *out = json_object();
    bool made = out != NULL;
    for (size_t i = 0; i < count && made; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "%u", registers[i].index);
        made = zc_json_set_hex(out, name, ZC_SLICE_OF_ARRAY(registers[i].value));
    }
    if (!made) {
        json_decref(out);
        return NULL;
    }
    return out;
}

void zc_eif_registers_print(const zc_eif_register *registers, size_t count)
{
    static const char *const meaning[] = {
        [0] = "kernel, command line and every ramdisk: all of the code",
        [1] = "kernel, command line and the first ramdisk",
        [2] = "the other ramdisks",
        [3] = "the parent instance's role",
        [4] = "the parent instance",
        [8] = "who signed the image (zero: nobody)",
    };
    for (size_t i = 0; i < count; i++) {
        char hex[2 * ZC_EIF_PCR_SIZE + 1];
        zc_hex_encode(ZC_SLICE_OF_ARRAY(registers[i].value), hex);
        (void)printf("PCR%u  %s  %s\n", registers[i].index, hex, meaning[registers[i].index]);
    }
}

static int measure_json(const zc_eif_register *registers, size_t count, const zc_eif_logged *logged)
{
    json_t *out = json_object();
    bool printed = out != NULL && zc_json_set(out, "pcrs", zc_eif_registers_json(registers, count));
    if (logged->appended) {
        printed = printed && zc_json_set_u64(out, "index", logged->index) &&
                  zc_json_set_text(out, "line", logged->line);
    }
    printed = printed && zc_json_print(stdout, out);
    json_decref(out);
    return printed ? ZC_EXIT_DONE : ZC_EXIT_FAILED;
}

int zc_run_eif_measure(zc_invocation *invocation)
{
    ZC_BYTES zc_bytes file = {0};
    zc_eif eif = {0};
    zc_eif_signer signer;
    zc_eif_register registers[6];
    bool is_signed = false;
    int code = zc_eif_load(invocation, &file, &eif);
    if (code == ZC_EXIT_DONE) {
        code = zc_eif_check_signature(invocation, &eif, &is_signed, &signer);
    }
    if (code != ZC_EXIT_DONE) {
        return code;
    }
    zc_eif_logged logged;
    size_t count = zc_eif_registers(invocation, &eif, is_signed, &signer, registers);
    code = zc_eif_log_append(invocation, registers, count, &logged);
    if (code != ZC_EXIT_DONE) {
        return code;
    }
    if (invocation->json) {
        return measure_json(registers, count, &logged);
    }
    zc_eif_registers_print(registers, count);
    if (logged.appended) {
        (void)printf("appended as entry %llu\n", (unsigned long long)logged.index);
    }
    return ZC_EXIT_DONE;
}

static void time_text(int64_t seconds, char ret_text[static 32])
{
    time_t time = (time_t)seconds;
    struct tm parts;
    ret_text[0] = '\0';
    if (gmtime_r(&time, &parts) != NULL) {
        (void)strftime(ret_text, 32, "%Y-%m-%dT%H:%M:%SZ", &parts);
    }
}

static json_t *sections_json(const zc_eif *eif)
{
    json_t *list = json_array();
    for (size_t i = 0; list != NULL && i < eif->count; i++) {
        uint8_t digest[32];
        json_t *item = json_object();
        zc_sha256(eif->section[i].data, digest);
        bool made = item != NULL &&
                    zc_json_set_text(item, "type", zc_eif_type_name(eif->section[i].type)) &&
                    zc_json_set_u64(item, "size", eif->section[i].data.len) &&
                    zc_json_set_hex(item, "sha256", ZC_SLICE_OF_ARRAY(digest));
        if (!made || json_array_append_new(list, item) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

static json_t *signer_json(const zc_eif_signer *signer)
{
    char from[32];
    char until[32];
    json_t *out = json_object();
    time_text(signer->not_before, from);
    time_text(signer->not_after, until);
    bool made = out != NULL && zc_json_set_text(out, "subject", signer->subject) &&
                zc_json_set_text(out, "algorithm", signer->algorithm) &&
                zc_json_set_text(out, "not_before", from) &&
                zc_json_set_text(out, "not_after", until);
    if (!made) {
        json_decref(out);
        return NULL;
    }
    return out;
}

static json_t *metadata_json(const zc_eif *eif)
{
    return eif->has_metadata
               ? json_loadb((const char *)eif->metadata.data, eif->metadata.len, 0, NULL)
               : json_null();
}

static int describe_json(const zc_eif *eif, const zc_eif_register *registers, size_t count,
                         const zc_eif_signer *signer)
{
    json_t *out = json_object();
    char crc[16];
    (void)snprintf(crc, sizeof crc, "%08x", eif->crc);
    bool made = out != NULL && zc_json_set_u64(out, "version", eif->version) &&
                zc_json_set_text(out, "architecture", eif->arm64 ? "arm64" : "x86_64") &&
                zc_json_set_u64(out, "memory", eif->memory) &&
                zc_json_set_u64(out, "cpus", eif->cpus) && zc_json_set_text(out, "crc", crc) &&
                zc_json_set_slice_text(out, "cmdline", eif->cmdline) &&
                zc_json_set(out, "sections", sections_json(eif)) &&
                zc_json_set(out, "metadata", metadata_json(eif)) &&
                zc_json_set(out, "signature", signer == NULL ? json_null() : signer_json(signer)) &&
                zc_json_set(out, "pcrs", zc_eif_registers_json(registers, count)) &&
                zc_json_print(stdout, out);
    json_decref(out);
    return made ? ZC_EXIT_DONE : ZC_EXIT_FAILED;
}

/* What a stranger's file holds never drives the terminal. */
static void print_text(const char *label, zc_slice text)
{
    (void)fputs(label, stdout);
    for (size_t i = 0; i < text.len; i++) {
        (void)putchar(text.data[i] >= 0x20 && text.data[i] < 0x7f ? text.data[i] : '?');
    }
    (void)putchar('\n');
}

static void describe_text(const zc_eif *eif, const zc_eif_signer *signer)
{
    (void)printf("enclave image, version %u, %s; by default %llu MiB and %llu CPUs; CRC %08x\n",
                 eif->version, eif->arm64 ? "arm64" : "x86_64",
                 (unsigned long long)(eif->memory >> 20), (unsigned long long)eif->cpus, eif->crc);
    for (size_t i = 0; i < eif->count; i++) {
        uint8_t digest[32];
        char hex[65];
        zc_sha256(eif->section[i].data, digest);
        zc_hex_encode(ZC_SLICE_OF_ARRAY(digest), hex);
        (void)printf("  %-9s %10zu bytes  sha256 %s\n", zc_eif_type_name(eif->section[i].type),
                     eif->section[i].data.len, hex);
    }
    print_text("cmdline:  ", eif->cmdline);
    if (eif->has_metadata) {
        print_text("metadata: ", eif->metadata);
    }
    if (signer == NULL) {
        (void)puts("signature: none");
        return;
    }
    char from[32];
    char until[32];
    time_text(signer->not_before, from);
    time_text(signer->not_after, until);
    print_text("signature: holds; by ", zc_slice_of_text(signer->subject));
    (void)printf("           %s, certificate from %s to %s\n", signer->algorithm, from, until);
}

int zc_run_eif_describe(zc_invocation *invocation)
{
    ZC_BYTES zc_bytes file = {0};
    zc_eif eif = {0};
    zc_eif_signer signer;
    zc_eif_register registers[6];
    bool is_signed = false;
    int code = zc_eif_load(invocation, &file, &eif);
    if (code == ZC_EXIT_DONE) {
        code = zc_eif_check_signature(invocation, &eif, &is_signed, &signer);
    }
    if (code != ZC_EXIT_DONE) {
        return code;
    }
    size_t count = zc_eif_registers(invocation, &eif, is_signed, &signer, registers);
    if (invocation->json) {
        return describe_json(&eif, registers, count, is_signed ? &signer : NULL);
    }
    describe_text(&eif, is_signed ? &signer : NULL);
    zc_eif_registers_print(registers, count);
    return ZC_EXIT_DONE;
}
