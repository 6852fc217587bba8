#include "doctor_machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <fcntl.h>
#include <unistd.h>

#define PATH 512

static bool path_of(const zc_machine_files *files, const char *name, int number,
                    char ret_path[static PATH])
{
    const char *place = strstr(name, "%d");
    int len = place == NULL ? snprintf(ret_path, PATH, "%s%s", files->root, name)
                            : snprintf(ret_path, PATH, "%s%.*s%d%s", files->root,
                                       (int)(place - name), name, number, place + 2);
    return len > 0 && len < PATH;
}

bool zc_machine_read(const zc_machine_files *files, const char *name, int number,
                     char ret_text[static ZC_MACHINE_TEXT])
{
    char path[PATH];
    int fd = path_of(files, name, number, path) ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0) {
        return false;
    }
    size_t len = 0;
    ssize_t got;
    while (len < ZC_MACHINE_TEXT - 1 &&
           (got = read(fd, ret_text + len, ZC_MACHINE_TEXT - 1 - len)) > 0) {
        len += (size_t)got;
    }
    (void)close(fd);
    while (len > 0 && ret_text[len - 1] == '\n') {
        len--;
    }
    ret_text[len] = '\0';
    return true;
}

bool zc_machine_has(const zc_machine_files *files, const char *name, int number)
{
    char path[PATH];
    return path_of(files, name, number, path) && access(path, F_OK) == 0;
}

/* One number of a list; where it ends. NULL when there is none that fits. */
static const char *read_number(const char *text, size_t *ret_number)
{
    char *end;
    if (*text < '0' || *text > '9') {
        return NULL;
    }
    unsigned long number = strtoul(text, &end, 10);
    *ret_number = number;
    return number < ZC_MACHINE_CPUS ? end : NULL;
}

bool zc_cpu_set_read(const char *text, zc_cpu_set *ret_set)
{
    zc_cpu_set set = {{false}};
    while (*text != '\0') {
        size_t first = 0;
        size_t last = 0;
        text = read_number(text, &first);
        last = first;
        if (text != NULL && *text == '-') {
            text = read_number(text + 1, &last);
        }
        if (text == NULL || last < first || (*text != ',' && *text != '\0')) {
            return false;
        }
        for (size_t cpu = first; cpu <= last; cpu++) {
            set.has[cpu] = true;
        }
        text += *text == ',' ? 1 : 0;
    }
    *ret_set = set;
    return true;
}

void zc_cpu_set_write(const zc_cpu_set *set, char *ret_text, size_t capacity)
{
    size_t used = 0;
    ret_text[0] = '\0';
    for (int cpu = 0; cpu < ZC_MACHINE_CPUS; cpu++) {
        if (!set->has[cpu]) {
            continue;
        }
        int last = cpu;
        while (last + 1 < ZC_MACHINE_CPUS && set->has[last + 1]) {
            last++;
        }
        const char *comma = used > 0 ? "," : "";
        int len = last > cpu
                      ? snprintf(ret_text + used, capacity - used, "%s%d-%d", comma, cpu, last)
                      : snprintf(ret_text + used, capacity - used, "%s%d", comma, cpu);
        if (len < 0 || (size_t)len >= capacity - used) {
            return;
        }
        used += (size_t)len;
        cpu = last;
    }
}

int zc_cpu_set_last(const zc_cpu_set *set)
{
    for (int cpu = ZC_MACHINE_CPUS - 1; cpu >= 0; cpu--) {
        if (set->has[cpu]) {
            return cpu;
        }
    }
    return -1;
}

size_t zc_cpu_set_count(const zc_cpu_set *set)
{
    size_t count = 0;
    for (size_t cpu = 0; cpu < ZC_MACHINE_CPUS; cpu++) {
        count += set->has[cpu] ? 1 : 0;
    }
    return count;
}

static bool is_blank(char c)
{
    return c == '\0' || c == ' ' || c == '\t' || c == '\n';
}

bool zc_machine_has_word(const char *text, const char *word)
{
    size_t len = strlen(word);
    for (const char *at = strstr(text, word); at != NULL; at = strstr(at + 1, word)) {
        if ((at == text || is_blank(at[-1])) && is_blank(at[len])) {
            return true;
        }
    }
    return false;
}

bool zc_machine_option(const char *cmdline, const char *name, char *ret_value, size_t capacity)
{
    size_t len = strlen(name);
    for (const char *at = strstr(cmdline, name); at != NULL; at = strstr(at + 1, name)) {
        if ((at == cmdline || is_blank(at[-1])) && at[len] == '=') {
            (void)snprintf(ret_value, capacity, "%.*s", (int)strcspn(at + len + 1, " \t\n"),
                           at + len + 1);
            return true;
        }
    }
    return false;
}
