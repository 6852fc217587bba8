/* What `zcp doctor` reads of a machine: files under /proc, /sys and /dev, or under a copy of them.
 */
#ifndef ZC_ZCP_DOCTOR_MACHINE_H
#define ZC_ZCP_DOCTOR_MACHINE_H

#include <stdbool.h>
#include <stddef.h>

#define ZC_MACHINE_TEXT 8192
#define ZC_MACHINE_CPUS 1024

typedef struct zc_machine_files {
    const char *root; /* "" for this machine, else a folder that stands for / */
} zc_machine_files;

/* Processors by number. */
typedef struct zc_cpu_set {
    bool has[ZC_MACHINE_CPUS];
} zc_cpu_set;

/* Reads a file, cut to fit, without the newline at its end. `name` may hold one %d for `number`,
 * which is not looked at otherwise. False when there is none. */
bool zc_machine_read(const zc_machine_files *files, const char *name, int number,
                     char ret_text[static ZC_MACHINE_TEXT]);
bool zc_machine_has(const zc_machine_files *files, const char *name, int number);

/* Takes a list as the kernel writes it: "0-3,7". False when it is none. An empty one is. */
bool zc_cpu_set_read(const char *text, zc_cpu_set *ret_set);
/* Writes one likewise. */
void zc_cpu_set_write(const zc_cpu_set *set, char *ret_text, size_t capacity);
int zc_cpu_set_last(const zc_cpu_set *set); /* −1: empty */
size_t zc_cpu_set_count(const zc_cpu_set *set);

/* Whether `word` stands in a text of words between blanks. */
bool zc_machine_has_word(const char *text, const char *word);
/* The value of "name=value" in the kernel's command line. */
bool zc_machine_option(const char *cmdline, const char *name, char *ret_value, size_t capacity);

#endif
