/* What makes a signature's time jump, and what to do about it. */
#ifndef ZC_ZCP_DOCTOR_CHECKS_H
#define ZC_ZCP_DOCTOR_CHECKS_H

#include "doctor_machine.h"

typedef enum zc_finding_state {
    ZC_FINDING_GOOD,
    ZC_FINDING_ADVICE,  /* works, and would be steadier or faster otherwise */
    ZC_FINDING_MISSING, /* the enclave does not start, or not with many sessions */
    ZC_FINDING_UNKNOWN, /* the machine does not say */
} zc_finding_state;

typedef struct zc_finding {
    zc_finding_state state;
    char found[160];
    char change[256]; /* empty: nothing */
} zc_finding;

typedef struct zc_doctor {
    zc_machine_files files;
    zc_cpu_set online;
    int cpu; /* the processor that is to sign */
    char cmdline[ZC_MACHINE_TEXT];
} zc_doctor;

typedef struct zc_check_row {
    const char *name;
    const char *why; /* what it does to a signature */
    void (*check)(const zc_doctor *doctor, zc_finding *ret_finding);
} zc_check_row;

#define ZC_CHECKS 18
extern const zc_check_row zc_checks[ZC_CHECKS];

/* `cpu` below 0: the last isolated processor, else the last that is online. False when /proc and
 * /sys say nothing under this root, or there is no such processor. */
bool zc_doctor_init(zc_doctor *doctor, const char *root, int cpu);
/* What to add to the kernel's command line for a processor that does nothing but sign. */
void zc_doctor_boot_line(const zc_doctor *doctor, char *ret_text, size_t capacity);

#endif
