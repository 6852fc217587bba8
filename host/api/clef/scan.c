#include "api/clef/scan.h"

static bool is_space(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void look_into_text(zc_json_scan *scan, uint8_t c)
{
    if (scan->escaped) {
        scan->escaped = false;
    } else if (c == '\\') {
        scan->escaped = true;
    } else if (c == '"') {
        scan->in_text = false;
    }
}

static zc_json_scan_result look(zc_json_scan *scan, uint8_t c)
{
    bool opens = c == '{' || c == '[';
    if (c == '\0') {
        return ZC_JSON_SCAN_BAD;
    }
    if (scan->in_text) {
        look_into_text(scan, c);
    } else if (scan->depth == 0 && !opens) {
        return is_space(c) ? ZC_JSON_SCAN_MORE : ZC_JSON_SCAN_BAD;
    } else if (opens) {
        scan->depth++;
    } else if (c == '}' || c == ']') {
        scan->depth--;
        return scan->depth == 0 ? ZC_JSON_SCAN_WHOLE : ZC_JSON_SCAN_MORE;
    } else if (c == '"') {
        scan->in_text = true;
    }
    return ZC_JSON_SCAN_MORE;
}

zc_json_scan_result zc_json_scan_next(zc_json_scan *scan, zc_slice bytes)
{
    while (scan->at < bytes.len) {
        zc_json_scan_result result = look(scan, bytes.data[scan->at++]);
        if (result != ZC_JSON_SCAN_MORE) {
            return result;
        }
    }
    return ZC_JSON_SCAN_MORE;
}
