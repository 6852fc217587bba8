#include "audit_text.h"

#include <stdio.h>
#include <time.h>

#include "codec/cbor.h"
#include "intent/intent_cbor.h"
#include "intent/render.h"
#include "intent_json.h"
#include "support/json.h"
#include "support/reason.h"

#define ZC_KIND_TEXT(name, number, text) [number] = (text),
static const char *const kinds[] = {ZC_AUDIT_KINDS(ZC_KIND_TEXT)};

static const char *const decisions[] = {[ZC_AUDIT_NO_DECISION] = "",
                                        [ZC_AUDIT_ALLOW] = "allow",
                                        [ZC_AUDIT_DENY] = "deny",
                                        [ZC_AUDIT_REVIEW] = "review"};

/* The openings' groups, as tcb/enclave writes them: principal = [name, organisation, key],
 * rule = [use, key name, rule name, reason, measured, limit, asset name]. */
typedef struct zc_groups {
    bool has_principal;
    zc_slice principal;
    bool has_rule;
    zc_slice key;
    zc_slice rule;
    uint64_t reason;
    zc_u256 measured;
    zc_u256 limit;
    zc_slice asset;
} zc_groups;

static zc_result read_rule(zc_slice bytes, zc_groups *groups)
{
    zc_reader reader = zc_reader_of(bytes);
    size_t fields;
    uint64_t use;
    ZC_TRY(zc_cbor_get_array(&reader, 7, &fields));
    ZC_TRY(zc_cbor_get_uint(&reader, &use));
    ZC_TRY(zc_cbor_get_text(&reader, &groups->key));
    ZC_TRY(zc_cbor_get_text(&reader, &groups->rule));
    ZC_TRY(zc_cbor_get_uint(&reader, &groups->reason));
    ZC_TRY(zc_cbor_get_u256(&reader, &groups->measured));
    ZC_TRY(zc_cbor_get_u256(&reader, &groups->limit));
    ZC_TRY(zc_cbor_get_text(&reader, &groups->asset));
    return zc_reader_end(&reader);
}

static zc_groups read_groups(const zc_audit_opening *opening)
{
    zc_groups groups = {0};
    size_t fields;
    if (opening->group[ZC_AUDIT_PRINCIPAL].open) {
        zc_reader reader = zc_reader_of(opening->group[ZC_AUDIT_PRINCIPAL].bytes);
        groups.has_principal = zc_ok(zc_cbor_get_array(&reader, 3, &fields)) &&
                               zc_ok(zc_cbor_get_text(&reader, &groups.principal));
    }
    if (opening->group[ZC_AUDIT_RULE].open) {
        groups.has_rule = zc_ok(read_rule(opening->group[ZC_AUDIT_RULE].bytes, &groups));
    }
    return groups;
}

static bool read_intent(const zc_audit_opening *opening, zc_intent *ret_intent)
{
    return opening->group[ZC_AUDIT_INTENT].open &&
           zc_ok(zc_intent_read(opening->group[ZC_AUDIT_INTENT].bytes, ret_intent));
}

void zc_audit_time_text(uint64_t ms, char ret_text[static 32])
{
    time_t seconds = (time_t)(ms / 1000);
    struct tm utc;
    gmtime_r(&seconds, &utc);
    size_t len = strftime(ret_text, 32, "%Y-%m-%dT%H:%M:%S", &utc);
    (void)snprintf(ret_text + len, 32 - len, ".%03uZ", (unsigned)(ms % 1000));
}

static bool add_private(json_t *out, const zc_audit_opening *opening, const zc_catalog *catalog)
{
    zc_groups groups = read_groups(opening);
    static zc_intent intent;
    bool made = !groups.has_principal || zc_json_set_slice_text(out, "principal", groups.principal);
    if (made && groups.has_rule) {
        made = zc_json_set_slice_text(out, "key", groups.key) &&
               zc_json_set_slice_text(out, "rule", groups.rule) &&
               zc_json_set_u256(out, "measured", &groups.measured) &&
               zc_json_set_u256(out, "limit", &groups.limit) &&
               zc_json_set_slice_text(out, "asset", groups.asset) &&
               (groups.reason == 0 ||
                zc_json_set_text(out, "reason", zc_reason_code_name((uint16_t)groups.reason)));
    }
    if (made && read_intent(opening, &intent)) {
        static char text[ZC_INTENT_MAX_RENDERED + 1];
        zc_writer writer = zc_writer_of(text, sizeof text - 1);
        if (zc_ok(zc_intent_render(&intent, catalog, &writer))) {
            text[zc_writer_len(&writer)] = '\0';
            made = zc_json_set_text(out, "text", text);
        }
        made = made && zc_json_set(out, "intent", zc_intent_json(&intent, catalog)) &&
               zc_json_set(out, "flags", zc_intent_flags_json(&intent));
    }
    return made;
}

json_t *zc_audit_json(const zc_audit_entry *entry, const zc_audit_opening *opening,
                      const zc_catalog *catalog)
{
    char when[32];
    zc_audit_time_text(entry->time_ms, when);
    json_t *out = json_object();
    bool made =
        out != NULL && zc_json_set_u64(out, "sequence", entry->sequence) &&
        zc_json_set_text(out, "time", when) && zc_json_set_text(out, "kind", kinds[entry->kind]) &&
        zc_json_set_hex(out, "previous", ZC_SLICE_OF_ARRAY(entry->previous)) &&
        zc_json_set_hex(out, "boot_id", ZC_SLICE_OF_ARRAY(entry->boot_id)) &&
        (entry->decision == ZC_AUDIT_NO_DECISION ||
         zc_json_set_text(out, "decision", decisions[entry->decision])) &&
        (!entry->has_key || (zc_json_set_hex(out, "key_id", ZC_SLICE_OF_ARRAY(entry->key_id)) &&
                             zc_json_set_u64(out, "key_uses", entry->key_uses))) &&
        (!entry->has_digest ||
         zc_json_set_hex0x(out, "digest", ZC_SLICE_OF_ARRAY(entry->digest))) &&
        add_private(out, opening, catalog);
    if (!made) {
        json_decref(out);
        return NULL;
    }
    return out;
}

/* Public bytes of our own making, but from a file: nothing drives the terminal. */
static void print_escaped(zc_slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        (void)putchar(text.data[i] >= 0x20 && text.data[i] < 0x7f ? text.data[i] : '?');
    }
}

static void print_rendering(const zc_audit_opening *opening, const zc_catalog *catalog)
{
    static zc_intent intent;
    static char text[ZC_INTENT_MAX_RENDERED + 1];
    zc_writer writer = zc_writer_of(text, sizeof text - 1);
    if (!read_intent(opening, &intent) || !zc_ok(zc_intent_render(&intent, catalog, &writer))) {
        return;
    }
    text[zc_writer_len(&writer)] = '\0';
    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        (void)printf("        %s\n", line);
    }
}

void zc_audit_print(const zc_audit_entry *entry, const zc_audit_opening *opening,
                    const zc_catalog *catalog)
{
    char when[32];
    zc_groups groups = read_groups(opening);
    zc_audit_time_text(entry->time_ms, when);
    (void)printf("%6llu  %s  %-12s %-6s", (unsigned long long)entry->sequence, when,
                 kinds[entry->kind], decisions[entry->decision]);
    if (groups.has_principal) {
        (void)fputs(" by ", stdout);
        print_escaped(groups.principal);
    }
    if (groups.has_rule) {
        (void)fputs(" with key ", stdout);
        print_escaped(groups.key);
        (void)fputs(groups.rule.len > 0 ? ", rule " : ", no rule", stdout);
        print_escaped(groups.rule);
    }
    if (groups.has_rule && groups.reason != 0) {
        (void)printf(": %s", zc_reason_code_text((uint16_t)groups.reason));
    }
    (void)puts("");
    print_rendering(opening, catalog);
}
