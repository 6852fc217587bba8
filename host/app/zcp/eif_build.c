/* `zcp eif build` and `zcp eif ramdisk`. */
#include "eif.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "commands.h"
#include "eif/metadata.h"
#include "eif/ramdisk.h"
#include "support/json.h"
#include "support/reasons.h"

#define RAMDISKS_MAX 28 /* with kernel, command line, metadata and signature the header is full */
#define DEFAULT_MEMORY_MIB 512
#define DEFAULT_CPUS 2
#define METADATA_MAX ((size_t)1 << 20)

const zc_option zc_eif_build_options[] = {
    {"kernel", "FILE", "the kernel (bzImage)"},
    {"cmdline", "TEXT", "its command line"},
    {"cmdline-file", "FILE", "the same from a file; one newline at its end is dropped"},
    {"ramdisk", "FILE", "a ramdisk; repeat it, in their order"},
    {"name", "NAME", "ImageName of the metadata (default: zerocopy-signer)"},
    {"image-version", "TEXT", "ImageVersion (default: 0.1.0)"},
    {"kernel-version", "TEXT", "KernelVersion"},
    {"build-time", "RFC3339", "BuildTime (default: $SOURCE_DATE_EPOCH, else now)"},
    {"metadata", "FILE", "the metadata as a JSON file, instead of all these"},
    {"memory", "MIB", "what a start gets by default (512)"},
    {"cpus", "N", "the same (2)"},
    {"arm64", NULL, "the kernel is one for arm64"},
    {"signing-certificate", "FILE", "who releases it (PEM, an EC key): gives PCR8"},
    {"private-key", "FILE", "the certificate's key (PEM)"},
    {"o", "FILE", "where the image goes"},
    {NULL, NULL, NULL},
};

const zc_option zc_eif_ramdisk_options[] = {
    {"file", "NAME=FILE", "a file of the ramdisk; repeat it"},
    {"program", "NAME=FILE", "the same, executable"},
    {"o", "FILE", "where the archive goes"},
    {NULL, NULL, NULL},
};

/* What is read for a build, held until it is written. */
typedef struct zc_eif_inputs {
    zc_bytes kernel;
    zc_bytes cmdline;
    zc_bytes metadata;
    zc_bytes ramdisk[RAMDISKS_MAX];
    zc_slice view[RAMDISKS_MAX];
    size_t ramdisks;
    zc_bytes certificate;
    zc_bytes key;
    zc_bytes signature;
} zc_eif_inputs;

static void inputs_clear(zc_eif_inputs *inputs)
{
    zc_bytes_clear(&inputs->kernel);
    zc_bytes_clear(&inputs->cmdline);
    zc_bytes_clear(&inputs->metadata);
    for (size_t i = 0; i < RAMDISKS_MAX; i++) {
        zc_bytes_clear(&inputs->ramdisk[i]);
    }
    zc_bytes_clear(&inputs->certificate);
    zc_bytes_clear(&inputs->key);
    zc_bytes_clear(&inputs->signature);
}

static zc_result missing(zc_error *error, const char *why)
{
    zc_result set = zc_error_set(error, ZC_SUPPORT_BAD_ARGUMENT, "cannot build the image", why,
                                 "see `zcp eif build --help`");
    error->exit_code = ZC_EXIT_USAGE;
    return set;
}

static zc_result read_cmdline(const zc_invocation *invocation, zc_bytes *ret_cmdline,
                              zc_error *error)
{
    const char *text = zc_option_value(invocation, "cmdline");
    const char *path = zc_option_value(invocation, "cmdline-file");
    if ((text == NULL) == (path == NULL)) {
        return missing(error, "give --cmdline or --cmdline-file");
    }
    if (text != NULL) {
        return zc_bytes_append(ret_cmdline, zc_slice_of_text(text))
                   ? ZC_OK
                   : zc_error_errno(error, ENOMEM, "cannot build the image", NULL);
    }
    ZC_TRY(zc_file_read(path, 2 * ZC_EIF_CMDLINE_MAX, ret_cmdline, error));
    if (ret_cmdline->len > 0 && ret_cmdline->data[ret_cmdline->len - 1] == '\n') {
        ret_cmdline->len--;
    }
    return ZC_OK;
}

static zc_result read_ramdisks(const zc_invocation *invocation, zc_eif_inputs *inputs,
                               zc_error *error)
{
    for (size_t i = 0; i < invocation->options; i++) {
        if (strcmp(invocation->name[i], "ramdisk") != 0) {
            continue;
        }
        if (inputs->ramdisks == RAMDISKS_MAX) {
            return missing(error, "an image has at most 28 ramdisks");
        }
        zc_bytes *ramdisk = &inputs->ramdisk[inputs->ramdisks];
        ZC_TRY(zc_file_read(invocation->value[i], ZC_EIF_SECTION_MAX, ramdisk, error));
        inputs->view[inputs->ramdisks++] = zc_bytes_slice(ramdisk);
    }
    return inputs->ramdisks > 0 ? ZC_OK : missing(error, "give at least one --ramdisk");
}

/* --build-time, else SOURCE_DATE_EPOCH, else the clock. */
static zc_result build_time(const zc_invocation *invocation, char ret_text[static 32],
                            zc_error *error)
{
    const char *given = zc_option_value(invocation, "build-time");
    const char *epoch = getenv("SOURCE_DATE_EPOCH");
    if (given != NULL) {
        (void)snprintf(ret_text, 32, "%s", given);
        return strlen(given) < 32 ? ZC_OK : missing(error, "--build-time is too long");
    }
    time_t seconds = time(NULL);
    if (epoch != NULL && epoch[0] != '\0') {
        char *end;
        errno = 0;
        seconds = (time_t)strtoll(epoch, &end, 10);
        if (errno != 0 || *end != '\0' || seconds < 0) {
            return missing(error, "$SOURCE_DATE_EPOCH is not a number of seconds");
        }
    }
    struct tm parts;
    bool made = gmtime_r(&seconds, &parts) != NULL &&
                strftime(ret_text, 32, "%Y-%m-%dT%H:%M:%SZ", &parts) > 0;
    return made ? ZC_OK : missing(error, "the build time is no time");
}

static const char *or_else(const char *value, const char *otherwise)
{
    return value != NULL ? value : otherwise;
}

static zc_result make_metadata(const zc_invocation *invocation, zc_bytes *ret_metadata,
                               zc_error *error)
{
    const char *path = zc_option_value(invocation, "metadata");
    zc_result made;
    if (path != NULL) {
        ZC_TRY(zc_file_read(path, METADATA_MAX, ret_metadata, error));
        made = zc_eif_metadata_check(zc_bytes_slice(ret_metadata));
    } else {
        char when[32];
        ZC_TRY(build_time(invocation, when, error));
        const zc_eif_metadata metadata = {
            .name = or_else(zc_option_value(invocation, "name"), "zerocopy-signer"),
            .version = or_else(zc_option_value(invocation, "image-version"), "0.1.0"),
            .build_time = when,
            .tool = "zcp",
            .tool_version = "0.1.0",
            .os = "Linux",
            .kernel_version = or_else(zc_option_value(invocation, "kernel-version"), "")};
        made = zc_eif_metadata_write(&metadata, ret_metadata);
    }
    return zc_ok(made) ? ZC_OK
                       : zc_error_from(error, made, "cannot build the image", "mend the metadata");
}

static zc_result read_number(const zc_invocation *invocation, const char *name, uint64_t otherwise,
                             uint64_t most, uint64_t *ret_number, zc_error *error)
{
    const char *text = zc_option_value(invocation, name);
    char *end = NULL;
    errno = 0;
    uint64_t number = text == NULL ? otherwise : strtoull(text, &end, 10);
    bool good = text == NULL || (text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0);
    if (!good || number == 0 || number > most) {
        zc_result set = missing(error, "");
        zc_error_why(error, "--%s wants a number from 1 to %llu", name, (unsigned long long)most);
        return set;
    }
    *ret_number = number;
    return ZC_OK;
}

/* Signs what `parts` will measure to. */
static zc_result sign(const zc_invocation *invocation, zc_eif_parts *parts, zc_eif_inputs *inputs,
                      zc_error *error)
{
    const char *certificate = zc_option_value(invocation, "signing-certificate");
    const char *key = zc_option_value(invocation, "private-key");
    if ((certificate == NULL) != (key == NULL)) {
        return missing(error, "--signing-certificate and --private-key come together");
    }
    if (certificate == NULL) {
        return ZC_OK;
    }
    ZC_TRY(zc_file_read(certificate, ZC_EIF_PEM_MAX, &inputs->certificate, error));
    ZC_TRY(zc_file_read_secret(key, ZC_EIF_PEM_MAX, &inputs->key, error));
    zc_eif measured = {
        .kernel = parts->kernel, .cmdline = parts->cmdline, .ramdisks = parts->ramdisks};
    memcpy(measured.ramdisk, parts->ramdisk, parts->ramdisks * sizeof *parts->ramdisk);
    zc_eif_pcrs pcrs;
    zc_eif_measure(&measured, &pcrs);
    zc_result signed_ = zc_eif_sign(pcrs.pcr0, zc_bytes_slice(&inputs->certificate),
                                    zc_bytes_slice(&inputs->key), &inputs->signature);
    parts->signature = zc_bytes_slice(&inputs->signature);
    return zc_ok(signed_) ? ZC_OK
                          : zc_error_from(error, signed_, "cannot sign the image",
                                          "give an EC key of P-256, P-384 or P-521 and its "
                                          "certificate, both PEM");
}

static zc_result gather(const zc_invocation *invocation, zc_eif_inputs *inputs,
                        zc_eif_parts *ret_parts, zc_error *error)
{
    const char *kernel = zc_option_value(invocation, "kernel");
    uint64_t memory = 0;
    uint64_t cpus = 0;
    if (kernel == NULL || zc_option_value(invocation, "o") == NULL) {
        return missing(error, kernel == NULL ? "give --kernel" : "say where it goes with -o");
    }
    ZC_TRY(read_number(invocation, "memory", DEFAULT_MEMORY_MIB, 1 << 20, &memory, error));
    ZC_TRY(read_number(invocation, "cpus", DEFAULT_CPUS, 1024, &cpus, error));
    ZC_TRY(zc_file_read(kernel, ZC_EIF_SECTION_MAX, &inputs->kernel, error));
    ZC_TRY(read_cmdline(invocation, &inputs->cmdline, error));
    ZC_TRY(read_ramdisks(invocation, inputs, error));
    ZC_TRY(make_metadata(invocation, &inputs->metadata, error));
    *ret_parts = (zc_eif_parts){.arm64 = zc_option_given(invocation, "arm64"),
                                .memory = memory << 20,
                                .cpus = cpus,
                                .kernel = zc_bytes_slice(&inputs->kernel),
                                .cmdline = zc_bytes_slice(&inputs->cmdline),
                                .metadata = zc_bytes_slice(&inputs->metadata),
                                .ramdisk = inputs->view,
                                .ramdisks = inputs->ramdisks};
    return sign(invocation, ret_parts, inputs, error);
}

static int report(const zc_invocation *invocation, const zc_bytes *file)
{
    zc_eif eif = {0};
    zc_eif_signer signer;
    zc_eif_register registers[6];
    bool is_signed = false;
    /* What was written is read again: the numbers shown are the file's. */
    zc_result parsed = zc_eif_parse(zc_bytes_slice(file), &eif);
    if (!zc_ok(parsed)) {
        return zc_eif_fail(invocation, parsed, "cannot build the image", "report this");
    }
    int code = zc_eif_check_signature(invocation, &eif, &is_signed, &signer);
    if (code != ZC_EXIT_DONE) {
        return code;
    }
    size_t count = zc_eif_registers(invocation, &eif, is_signed, &signer, registers);
    if (!invocation->json) {
        (void)printf("%zu bytes in %s\n", file->len, zc_option_value(invocation, "o"));
        zc_eif_registers_print(registers, count);
        return ZC_EXIT_DONE;
    }
    json_t *out = json_object();
    bool printed = out != NULL && zc_json_set_u64(out, "size", file->len) &&
                   zc_json_set(out, "pcrs", zc_eif_registers_json(registers, count)) &&
                   zc_json_print(stdout, out);
    json_decref(out);
    return printed ? ZC_EXIT_DONE : ZC_EXIT_FAILED;
}

int zc_run_eif_build(zc_invocation *invocation)
{
    static zc_eif_inputs inputs;
    ZC_BYTES zc_bytes file = {0};
    zc_eif_parts parts;
    zc_error error = {0};
    zc_result built = gather(invocation, &inputs, &parts, &error);
    if (zc_ok(built)) {
        built = zc_eif_build(&parts, &file);
        if (!zc_ok(built)) {
            built = zc_error_from(&error, built, "cannot build the image",
                                  "see `zcp eif build --help`");
        }
    }
    if (zc_ok(built)) {
        built =
            zc_file_write(zc_option_value(invocation, "o"), zc_bytes_slice(&file), 0644, &error);
    }
    inputs_clear(&inputs);
    return zc_ok(built) ? report(invocation, &file) : zc_fail_with(invocation, &error);
}

/* "NAME=FILE": the name goes into `ret_name`, which outlives the archive's making. */
static zc_result read_member(const char *option, bool program, char ret_name[static 256],
                             zc_bytes *data, zc_ramdisk_file *ret_file, zc_error *error)
{
    const char *equals = strchr(option, '=');
    if (equals == NULL || equals - option > ZC_RAMDISK_NAME_MAX) {
        zc_result set = missing(error, "--file and --program want NAME=FILE");
        zc_error_what(error, "cannot make the ramdisk");
        return set;
    }
    (void)snprintf(ret_name, 256, "%.*s", (int)(equals - option), option);
    ZC_TRY(zc_file_read(equals + 1, ZC_EIF_SECTION_MAX, data, error));
    *ret_file =
        (zc_ramdisk_file){.name = ret_name, .data = zc_bytes_slice(data), .program = program};
    return ZC_OK;
}

int zc_run_eif_ramdisk(zc_invocation *invocation)
{
    static char name[ZC_OPTIONS_MAX][256];
    static zc_bytes data[ZC_OPTIONS_MAX];
    zc_ramdisk_file files[ZC_OPTIONS_MAX];
    size_t count = 0;
    zc_error error = {0};
    ZC_BYTES zc_bytes archive = {0};
    const char *path = zc_option_value(invocation, "o");
    zc_result made = path != NULL ? ZC_OK : missing(&error, "say where it goes with -o");
    for (size_t i = 0; i < invocation->options && zc_ok(made); i++) {
        bool program = strcmp(invocation->name[i], "program") == 0;
        if (program || strcmp(invocation->name[i], "file") == 0) {
            made = read_member(invocation->value[i], program, name[count], &data[count],
                               &files[count], &error);
            count++;
        }
    }
    if (zc_ok(made)) {
        made = zc_ramdisk_write(files, count, &archive);
        if (!zc_ok(made)) {
            made = zc_error_from(&error, made, "cannot make the ramdisk",
                                 "names are relative, like modules/vsock.ko");
        }
    }
    if (zc_ok(made)) {
        made = zc_file_write(path, zc_bytes_slice(&archive), 0644, &error);
    }
    for (size_t i = 0; i < count; i++) {
        zc_bytes_clear(&data[i]);
    }
    if (!zc_ok(made)) {
        return zc_fail_with(invocation, &error);
    }
    (void)printf(invocation->json ? "{\"size\": %zu}\n" : "%zu bytes\n", archive.len);
    return ZC_EXIT_DONE;
}
