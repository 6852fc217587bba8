/* What a deployment has in memory: zcpd of its folder, and every process below it. */
#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unistd.h>

#include "place.h"

#define PROCESSES 4096

typedef struct process {
    int pid;
    int parent;
    uint64_t resident;
    bool ours;
} process;

/* Whether the process is `zcpd --dir FOLDER`. */
static bool is_daemon(const char *pid, const char *folder)
{
    char path[64], line[2 * ZC_BENCH_PATH_SIZE];
    (void)snprintf(path, sizeof path, "/proc/%.20s/cmdline", pid);
    FILE *file = fopen(path, "re");
    size_t len = file == NULL ? 0 : fread(line, 1, sizeof line - 1, file);
    if (file != NULL) {
        (void)fclose(file);
    }
    line[len] = '\0';
    const char *slash = strrchr(line, '/');
    const char *name = slash == NULL ? line : slash + 1;
    const char *end = line + len;
    const char *option = line + strlen(line) + 1;
    const char *value = option < end ? option + strlen(option) + 1 : end;
    return strcmp(name, "zcpd") == 0 && option < end && strcmp(option, "--dir") == 0 &&
           value < end && strcmp(value, folder) == 0;
}

static bool read_process(const char *pid, const char *folder, process *ret_process)
{
    char path[64];
    long pages;
    (void)snprintf(path, sizeof path, "/proc/%.20s/stat", pid);
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return false;
    }
    process found = {.pid = (int)strtol(pid, NULL, 10)};
    bool read = fscanf(file, "%*d (%*[^)]) %*c %d", &found.parent) == 1;
    (void)fclose(file);
    (void)snprintf(path, sizeof path, "/proc/%.20s/statm", pid);
    file = fopen(path, "re");
    if (file == NULL) {
        return false;
    }
    read = read && fscanf(file, "%*s %ld", &pages) == 1;
    (void)fclose(file);
    if (read) {
        found.resident = (uint64_t)pages * (uint64_t)sysconf(_SC_PAGESIZE);
        found.ours = is_daemon(pid, folder);
        *ret_process = found;
    }
    return read;
}

static size_t list(const char *folder, process *ret_processes)
{
    size_t count = 0;
    DIR *all = opendir("/proc");
    for (struct dirent *item; all != NULL && count < PROCESSES && (item = readdir(all)) != NULL;) {
        if (isdigit((unsigned char)item->d_name[0]) &&
            read_process(item->d_name, folder, &ret_processes[count])) {
            count++;
        }
    }
    if (all != NULL) {
        (void)closedir(all);
    }
    return count;
}

static bool has_parent(const process *processes, size_t count, int parent)
{
    for (size_t i = 0; i < count; i++) {
        if (processes[i].ours && processes[i].pid == parent) {
            return true;
        }
    }
    return false;
}

uint64_t zc_deployment_memory(zc_bench_folder folder)
{
    static process processes[PROCESSES];
    const char *path = zc_bench_place(folder);
    size_t count = path == NULL ? 0 : list(path, processes);
    uint64_t sum = 0;
    /* Children of children, as deep as a deployment goes. */
    for (int depth = 0; depth < 4; depth++) {
        for (size_t i = 0; i < count; i++) {
            processes[i].ours =
                processes[i].ours || has_parent(processes, count, processes[i].parent);
        }
    }
    for (size_t i = 0; i < count; i++) {
        sum += processes[i].ours ? processes[i].resident : 0;
    }
    return sum;
}
