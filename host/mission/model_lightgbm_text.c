#include "mission/model_lightgbm.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

zc_result zc_lightgbm_fault(zc_lightgbm_run *run, unsigned line, const char *why)
{
    (void)snprintf(run->place, sizeof run->place, "line %u", line);
    return zc_model_fault(&run->draft, run->place, "%s", why);
}

zc_result zc_lightgbm_fault_key(zc_lightgbm_run *run, const char *why, const char *key)
{
    (void)snprintf(run->place, sizeof run->place, "line %u", run->line);
    return zc_model_fault(&run->draft, run->place, "'%.60s' %s", key, why);
}

char *zc_lightgbm_next_line(zc_lightgbm_run *run)
{
    if (*run->at == '\0') {
        return NULL;
    }
    char *line = run->at;
    size_t len = strcspn(line, "\n");
    run->at += len + (line[len] == '\n');
    run->line++;
    line[len] = '\0';
    if (len > 0 && line[len - 1] == '\r') {
        line[len - 1] = '\0';
    }
    return line;
}

char *zc_lightgbm_split_line(char *line)
{
    char *equals = strchr(line, '=');
    if (equals == NULL) {
        return line + strlen(line);
    }
    *equals = '\0';
    return equals + 1;
}

bool zc_lightgbm_next_double(char **at, double *ret_value)
{
    char *end = NULL;
    *at += strspn(*at, " ");
    if (**at == '\0' || strchr("+-.0123456789", **at) == NULL) {
        return false;
    }
    double value = strtod(*at, &end);
    if (!isfinite(value) || (*end != ' ' && *end != '\0')) {
        return false;
    }
    *at = end;
    *ret_value = value;
    return true;
}

bool zc_lightgbm_next_long(char **at, long least, long most, long *ret_value)
{
    char *end = NULL;
    *at += strspn(*at, " ");
    if (**at == '\0' || strchr("-0123456789", **at) == NULL) {
        return false;
    }
    long value = strtol(*at, &end, 10);
    if (value < least || value > most || (*end != ' ' && *end != '\0')) {
        return false;
    }
    *at = end;
    *ret_value = value;
    return true;
}

bool zc_lightgbm_at_end(const char *at)
{
    return at[strspn(at, " ")] == '\0';
}

bool zc_lightgbm_read_long(char *text, long least, long most, long *ret_value)
{
    long value;
    if (!zc_lightgbm_next_long(&text, least, most, &value) || !zc_lightgbm_at_end(text)) {
        return false;
    }
    *ret_value = value;
    return true;
}
