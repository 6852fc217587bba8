#include "mission/compile.h"

#include <stdlib.h>
#include <string.h>

#include "mission/build.h"
#include "mission/reasons.h"
#include "mission/value.h"
#include "support/reason.h"

static const char *const top_keys[] = {
    "mission",        "version",     "open",          "principals",     "quorum",
    "assets",         "contracts",   "recipients",    "rules",          "audit",
    "reference",      "feeds",       "prices",        "markets",        "breakers",
    "halt-lets-pass", "risk-models", "clear-signing", "mission-change", NULL};

static void build_head(zc_build *build, const zc_place *root)
{
    zc_place part;
    uint64_t version;
    if (zc_place_need(root, "mission", "the mission's name", &part)) {
        (void)zc_value_title(&part, "the mission's name", build->mission.name,
                             sizeof build->mission.name);
    }
    if (zc_place_need(root, "version", "'version: 1', the language of this file", &part)) {
        (void)zc_value_number(&part, "the version of the language", 1, 1, &version);
    }
    if (zc_place_member(root, "open", &part)) {
        (void)zc_value_bool(&part, &build->mission.open);
    }
}

static void build_all(zc_build *build)
{
    zc_place root = zc_document_root(&build->document);
    if (!zc_place_want_mapping(&root, "a mission: principals, quorum, assets, rules")) {
        return;
    }
    zc_place_only_keys(&root, top_keys);
    build_head(build, &root);
    zc_build_principals(build, &root);
    zc_build_quorum(build, &root);
    zc_build_assets(build, &root);
    zc_build_contracts(build, &root, "contracts");
    zc_build_contracts(build, &root, "recipients");
    zc_build_audit(build, &root);
    zc_build_change(build, &root);
    zc_build_sources(build, &root);
    zc_build_models(build, &root);
    zc_build_clear_signing(build, &root);
    zc_build_rules(build, &root);
    if (build->report->errors == 0) {
        zc_build_lint(build);
    }
}

/* The enclave's own parser has the last word on what was made. */
static zc_result write_compiled(zc_build *build, zc_bytes *ret_compiled)
{
    zc_bytes bytes = {0};
    if (!zc_bytes_reserve(&bytes, ZC_MISSION_MAX_BYTES)) {
        return zc_fail(ZC_MISSION_NO_MEMORY);
    }
    zc_writer writer = zc_writer_of(bytes.data, ZC_MISSION_MAX_BYTES);
    zc_result result = zc_mission_write(&build->mission, &writer);
    if (zc_ok(result)) {
        bytes.len = zc_writer_len(&writer);
        result = zc_mission_parse(zc_bytes_slice(&bytes), &build->mission);
    }
    if (!zc_ok(result)) {
        zc_report_add(build->report, ZC_FINDING_ERROR, 1, 1, "", "the enclave would refuse it: %s",
                      zc_reason_text(result));
        zc_bytes_clear(&bytes);
        return zc_fail(ZC_MISSION_FAULTY);
    }
    *ret_compiled = bytes;
    return ZC_OK;
}

static zc_result compile(zc_build *build, zc_bytes *ret_compiled)
{
    if (build->source->text.len > ZC_MISSION_FILE_MAX) {
        zc_report_add(build->report, ZC_FINDING_ERROR, 1, 1, "",
                      "the file is larger than %zu bytes", ZC_MISSION_FILE_MAX);
        return zc_fail(ZC_MISSION_NOT_YAML);
    }
    ZC_TRY(zc_document_load(&build->document, build->source->text, build->report));
    build_all(build);
    zc_result result = build->report->errors == 0 ? write_compiled(build, ret_compiled)
                                                  : zc_fail(ZC_MISSION_FAULTY);
    zc_document_clear(&build->document);
    return result;
}

static zc_result run(const zc_mission_source *source, bool checking, zc_bytes *ret_compiled,
                     zc_report *report)
{
    zc_build *build = calloc(1, sizeof *build);
    if (build == NULL) {
        return zc_fail(ZC_MISSION_NO_MEMORY);
    }
    build->source = source;
    build->checking = checking;
    build->report = report;
    zc_result result = compile(build, ret_compiled);
    zc_report_sort(report);
    free(build);
    return result;
}

zc_result zc_mission_compile(const zc_mission_source *source, zc_bytes *ret_compiled,
                             zc_report *report)
{
    return run(source, false, ret_compiled, report);
}

zc_result zc_mission_check_file(const zc_mission_source *source, zc_report *report)
{
    ZC_BYTES zc_bytes compiled = {0};
    return run(source, true, &compiled, report);
}

static zc_result visit_locals(zc_document *document, zc_mission_local_visit each, void *self)
{
    zc_place root = zc_document_root(document);
    zc_place principals;
    if (!zc_place_member(&root, "principals", &principals)) {
        return ZC_OK;
    }
    for (size_t i = 0; i < zc_place_pairs(&principals); i++) {
        zc_place key;
        zc_place value;
        zc_place credential;
        char name[ZC_MISSION_NAME_SIZE];
        (void)zc_place_pair(&principals, i, &key, &value);
        if (zc_place_member(&value, "key", &credential) &&
            zc_slice_eq_text(zc_place_text(&credential), "local") &&
            zc_value_name(&key, "a principal", true, name, sizeof name)) {
            ZC_TRY(each(self, name));
        }
    }
    return ZC_OK;
}

zc_result zc_mission_each_local(const zc_mission_source *source, zc_mission_local_visit each,
                                void *self, zc_report *report)
{
    zc_document document;
    if (source->text.len > ZC_MISSION_FILE_MAX) {
        zc_report_add(report, ZC_FINDING_ERROR, 1, 1, "", "the file is larger than %zu bytes",
                      ZC_MISSION_FILE_MAX);
        return zc_fail(ZC_MISSION_NOT_YAML);
    }
    ZC_TRY(zc_document_load(&document, source->text, report));
    zc_result result = visit_locals(&document, each, self);
    zc_document_clear(&document);
    return result;
}
