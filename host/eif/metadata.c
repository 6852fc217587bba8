#include "eif/metadata.h"

#include <jansson.h>
#include <stdlib.h>

static json_t *build_part(const zc_eif_metadata *metadata)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s}", "BuildTime", metadata->build_time, "BuildTool",
                     metadata->tool, "BuildToolVersion", metadata->tool_version, "OperatingSystem",
                     metadata->os, "KernelVersion", metadata->kernel_version);
}

zc_result zc_eif_metadata_write(const zc_eif_metadata *metadata, zc_bytes *ret_json)
{
    json_t *build = build_part(metadata);
    json_t *whole =
        build == NULL
            ? NULL
            : json_pack("{s:s, s:s, s:o, s:{}, s:{}}", "ImageName", metadata->name, "ImageVersion",
                        metadata->version, "BuildMetadata", build, "DockerInfo", "CustomMetadata");
    if (whole == NULL) {
        return zc_fail(ZC_EIF_BAD_METADATA);
    }
    /* jansson keeps the order of insertion. */
    char *text = json_dumps(whole, JSON_COMPACT);
    json_decref(whole);
    ZC_BYTES zc_bytes json = {0};
    bool kept = text != NULL && zc_bytes_append(&json, zc_slice_of_text(text));
    free(text);
    if (!kept) {
        return zc_fail(ZC_EIF_NO_MEMORY);
    }
    *ret_json = json;
    json = (zc_bytes){0};
    return ZC_OK;
}

zc_result zc_eif_metadata_check(zc_slice json)
{
    json_t *whole = json_loadb((const char *)json.data, json.len, JSON_REJECT_DUPLICATES, NULL);
    bool object = json_is_object(whole);
    json_decref(whole);
    return object ? ZC_OK : zc_fail(ZC_EIF_BAD_METADATA);
}
