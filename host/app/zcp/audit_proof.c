/* `zcp audit verify BUNDLE`: one file, checked with nothing else, and what it proves in plain
 * words.
 */
#include "audit_proof.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "attest/binding.h"
#include "audit_cosigners.h"
#include "audit_text.h"
#include "base/hex.h"
#include "catalog.h"
#include "log/bundle.h"
#include "support/json.h"
#include "support/reason.h"
#include "support/reasons.h"

typedef struct zc_proof_verdict {
    zc_proof_facts facts;
    zcp_evidence evidence;
    bool own_root; /* the bundle brought the root that its document leads to */
    bool has_mission;
    zc_mission mission;
    bool witnesses_known;
    size_t witnesses_wanted;
    zc_cosigners witnesses;
    zc_cosigned cosigned;
    char reason[256];
} zc_proof_verdict;

bool zc_is_proof_bundle(const char *path)
{
    static const char begin[] = "\x88\x6czcp-proof-v";
    char found[sizeof begin] = {0};
    FILE *file = fopen(path, "rbe");
    bool is = file != NULL && fread(found, 1, sizeof begin - 1, file) == sizeof begin - 1 &&
              memcmp(found, begin, sizeof begin - 1) == 0;
    if (file != NULL) {
        (void)fclose(file);
    }
    return is;
}

static bool fault(zc_proof_verdict *verdict, const char *where, const char *why)
{
    (void)snprintf(verdict->reason, sizeof verdict->reason, "%.60s: %.180s", where, why);
    return false;
}

/* The root that the caller names, else AWS's, else the one in the bundle: that one is no hardware's
 * and the verdict says so. */
static bool check_document(const zc_invocation *invocation, zc_slice root_pem,
                           zc_proof_verdict *verdict)
{
    const zc_audit_entry *boot = &verdict->facts.boot;
    char path[] = "/tmp/zcp-root-XXXXXX";
    zcp_error error = {0};
    zcp_expectation expect = {.root_pem = zc_option_value(invocation, "root"),
                              .at_seconds = (int64_t)(boot->time_ms / 1000)};
    zcp_result verified = zcp_verify_document(boot->detail.data, boot->detail.len, &expect,
                                              &verdict->evidence, &error);
    if (verified != ZCP_OK && expect.root_pem == NULL && root_pem.len > 0) {
        int fd = mkstemp(path);
        expect.root_pem = path;
        if (fd >= 0 && zc_ok(zc_file_write_all(fd, root_pem, path, NULL))) {
            verified = zcp_verify_document(boot->detail.data, boot->detail.len, &expect,
                                           &verdict->evidence, &error);
        }
        if (fd >= 0) {
            (void)close(fd);
            (void)unlink(path);
        }
        verdict->own_root = true;
    }
    return verified == ZCP_OK || fault(verdict, "the boot's document", error.why);
}

static bool check_binding(zc_proof_verdict *verdict)
{
    const zcp_evidence *evidence = &verdict->evidence;
    const zc_proof_facts *facts = &verdict->facts;
    bool same = evidence->ours &&
                memcmp(evidence->deployment_id, facts->genesis.deployment_id, 32) == 0 &&
                memcmp(evidence->log_key, facts->genesis.log_key, 32) == 0 &&
                memcmp(evidence->mission_hash, facts->entry.mission, 32) == 0 &&
                memcmp(evidence->boot_id, facts->entry.boot_id, 16) == 0;
    return same || fault(verdict, "the boot's document", "it vouches for another log");
}

/* Witnesses that the reader names must all have cosigned; without them those of the mission that
 * goes along are told, and a cosignature that is wrong is a fault either way. */
static bool check_witnesses(const zc_proof_bundle *bundle, zc_proof_verdict *verdict)
{
    verdict->has_mission =
        bundle->mission.len > 0 && zc_ok(zc_mission_parse(bundle->mission, &verdict->mission));
    if (verdict->witnesses.count == 0 && verdict->has_mission) {
        verdict->witnesses = zc_cosigners_of(&verdict->mission);
        verdict->witnesses_wanted = verdict->witnesses.needed;
        verdict->witnesses.needed = 0;
    }
    verdict->witnesses_known = verdict->witnesses.count > 0;
    zc_result found =
        zc_cosigners_check(&verdict->witnesses, bundle->checkpoint, &verdict->cosigned);
    return zc_ok(found) || fault(verdict, "the checkpoint", zc_reason_text(found));
}

static bool check(const zc_invocation *invocation, zc_slice bytes, zc_proof_verdict *verdict)
{
    static zc_proof_bundle bundle;
    zc_result result = zc_proof_read(bytes, &bundle);
    if (zc_ok(result)) {
        result = zc_proof_check(&bundle, &verdict->facts);
    }
    if (!zc_ok(result)) {
        return fault(verdict, "the proof", zc_reason_text(result));
    }
    return check_document(invocation, bundle.root_pem, verdict) && check_binding(verdict) &&
           check_witnesses(&bundle, verdict);
}

static void print_hex(const char *label, const uint8_t *bytes, size_t len, const char *after)
{
    char text[2 * 48 + 1];
    zc_hex_encode(zc_slice_of(bytes, len), text);
    (void)printf("%s%s%s", label, text, after);
}

static void print_witnesses(const zc_proof_verdict *verdict)
{
    const zc_cosigned *cosigned = &verdict->cosigned;
    char when[32];
    if (verdict->witnesses_known && cosigned->found > 0) {
        zc_audit_time_text(cosigned->earliest_s * 1000, when);
        (void)printf(
            "  Witnesses: %zu of %zu cosigned that log, the first at %s: it was there then, "
            "and they saw no other.\n",
            cosigned->found, verdict->witnesses.count, when);
    } else if (verdict->witnesses_known) {
        (void)printf("  Witnesses: NONE of %zu cosigned that log: its holder can show others "
                     "another one.\n",
                     verdict->witnesses.count);
    } else {
        (void)printf(
            "  Witnesses: not checked, %zu lines of others on the checkpoint. Name them with "
            "--witness, or ask for a proof that discloses the mission.\n",
            cosigned->lines);
    }
    if (verdict->witnesses_wanted > cosigned->found) {
        (void)printf("  The mission asks for %zu of them.\n", verdict->witnesses_wanted);
    }
}

/* What the entry is about; a digest follows where it has one. */
static const char *subject_of(const zc_audit_entry *entry)
{
    return !entry->has_digest                   ? "  an entry of the log"
           : entry->decision == ZC_AUDIT_ALLOW  ? "  the signature over digest "
           : entry->decision == ZC_AUDIT_DENY   ? "  the refusal to sign digest "
           : entry->decision == ZC_AUDIT_REVIEW ? "  the holding back of digest "
                                                : "  an entry about digest ";
}

static void print_words(const zc_proof_verdict *verdict, const zc_catalog *catalog)
{
    const zc_proof_facts *facts = &verdict->facts;
    char when[32];
    zc_audit_time_text(facts->entry.time_ms, when);
    (void)printf("valid. This proves, with nothing else than this file:\n\n");
    print_hex(subject_of(&facts->entry), facts->entry.digest, facts->entry.has_digest ? 32 : 0,
              facts->entry.decision == ZC_AUDIT_ALLOW ? "\n  was allowed" : "\n  was written");
    (void)printf(" at %s, as entry %llu,\n", when, (unsigned long long)facts->entry.sequence);
    print_hex("  by the code that measures to PCR0 ", verdict->evidence.pcr[0], 48, ",\n");
    print_hex("  under the limits of the mission with hash ", facts->entry.mission, 32, ",\n");
    if (verdict->has_mission) {
        (void)printf("  (it goes along: \"%s\")\n", verdict->mission.name);
    }
    print_hex("  in the deployment ", facts->genesis.deployment_id, 32, ".\n");
    (void)printf("  The log of %llu entries that its key signed holds this entry.\n",
                 (unsigned long long)facts->checkpoint.size);
    print_witnesses(verdict);
    (void)puts(
        verdict->evidence.hardware ? "  Hardware: an AWS Nitro Enclave vouches for the code.\n"
        : verdict->own_root ? "  Hardware: NO. The root is the bundle's own, of a development "
                              "platform: whoever made the bundle may have made it up.\n"
                            : "  Hardware: NO. The root is a development platform's.\n");
    zc_audit_print(&facts->entry, &facts->opening, catalog);
}

static int print_verdict(const zc_invocation *invocation, const zc_proof_verdict *verdict,
                         bool valid)
{
    const zc_proof_facts *facts = &verdict->facts;
    const zc_catalog catalog = zc_names_of_folder(invocation, NULL).catalog;
    if (!invocation->json && valid) {
        print_words(verdict, &catalog);
        return ZC_EXIT_DONE;
    }
    if (!invocation->json) {
        zc_error error = {0};
        (void)zc_ok(zc_error_set(&error, ZC_SUPPORT_IO, "the proof does not hold", verdict->reason,
                                 "ask for another, and keep this one"));
        error.exit_code = ZC_EXIT_NOT_VERIFIED;
        return zc_fail_with(invocation, &error);
    }
    json_t *out = json_object();
    bool made = out != NULL && zc_json_set_bool(out, "valid", valid) &&
                zc_json_set_text(out, "reason", valid ? "" : verdict->reason) &&
                zc_json_set_bool(out, "hardware", valid && verdict->evidence.hardware);
    if (made && valid) {
        made = zc_json_set_hex(out, "pcr0", ZC_SLICE_OF_ARRAY(verdict->evidence.pcr[0])) &&
               zc_json_set_hex(out, "mission_hash", ZC_SLICE_OF_ARRAY(facts->entry.mission)) &&
               zc_json_set_hex(out, "deployment_id",
                               ZC_SLICE_OF_ARRAY(facts->genesis.deployment_id)) &&
               zc_json_set_hex(out, "leaf", ZC_SLICE_OF_ARRAY(facts->leaf)) &&
               zc_json_set_bool(out, "own_root", verdict->own_root) &&
               zc_json_set_u64(out, "checkpoint_size", facts->checkpoint.size) &&
               zc_json_set_u64(out, "witnesses", verdict->cosigned.found) &&
               zc_json_set_bool(out, "witnesses_known", verdict->witnesses_known) &&
               zc_json_set_bool(out, "mission_disclosed", verdict->has_mission) &&
               zc_json_set(out, "entry", zc_audit_json(&facts->entry, &facts->opening, &catalog));
    }
    made = made && zc_json_print(stdout, out);
    json_decref(out);
    return !made ? ZC_EXIT_FAILED : valid ? ZC_EXIT_DONE : ZC_EXIT_NOT_VERIFIED;
}

int zc_verify_proof_bundle(const zc_invocation *invocation)
{
    static zc_proof_verdict verdict;
    ZC_BYTES zc_bytes bytes = {0};
    zc_error error = {0};
    if (!zc_cosigners_named(invocation, &verdict.witnesses)) {
        return zc_fail_usage(invocation, "cannot read the command line",
                             "--witness wants a witness's key, name+id+base64");
    }
    if (!zc_ok(zc_file_read(invocation->argument[0], ZC_PROOF_FILE_MAX, &bytes, &error))) {
        return zc_fail_with(invocation, &error);
    }
    return print_verdict(invocation, &verdict, check(invocation, zc_bytes_slice(&bytes), &verdict));
}
