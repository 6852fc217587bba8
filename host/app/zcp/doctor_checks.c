#include "doctor_checks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CPUS "/sys/devices/system/cpu/"
/* What the vaults of the enclave's processes need, and what many sessions need. */
#define LOCKED_LEAST (8ul << 20)
#define LOCKED_GOOD (64ul << 20)
/* Ten thousand sessions, one descriptor each, and what core has beside them. */
#define FILES_GOOD 10496ul
/* A sleep that takes longer to end than a signature takes. */
#define SLEEP_MAX_US 20

static void say(zc_finding *finding, zc_finding_state state, const char *found, const char *change)
{
    finding->state = state;
    (void)snprintf(finding->found, sizeof finding->found, "%.150s", found);
    (void)snprintf(finding->change, sizeof finding->change, "%s", change);
}

bool zc_doctor_init(zc_doctor *doctor, const char *root, int cpu)
{
    static char text[ZC_MACHINE_TEXT];
    *doctor = (zc_doctor){.files = {.root = root}};
    if (!zc_machine_read(&doctor->files, CPUS "online", 0, text) ||
        !zc_cpu_set_read(text, &doctor->online) || zc_cpu_set_count(&doctor->online) == 0) {
        return false;
    }
    if (!zc_machine_read(&doctor->files, "/proc/cmdline", 0, doctor->cmdline)) {
        doctor->cmdline[0] = '\0';
    }
    zc_cpu_set isolated = {{false}};
    if (zc_machine_read(&doctor->files, CPUS "isolated", 0, text)) {
        (void)zc_cpu_set_read(text, &isolated);
    }
    doctor->cpu = cpu >= 0                          ? cpu
                  : zc_cpu_set_last(&isolated) >= 0 ? zc_cpu_set_last(&isolated)
                                                    : zc_cpu_set_last(&doctor->online);
    return doctor->cpu < ZC_MACHINE_CPUS && doctor->online.has[doctor->cpu];
}

void zc_doctor_boot_line(const zc_doctor *doctor, char *ret_text, size_t capacity)
{
    zc_cpu_set others = doctor->online;
    char list[256];
    others.has[doctor->cpu] = false;
    zc_cpu_set_write(&others, list, sizeof list);
    if (zc_cpu_set_count(&others) == 0) {
        (void)snprintf(ret_text, capacity, "%s",
                       ""); /* one processor for everything: nothing can be kept free */
        return;
    }
    (void)snprintf(ret_text, capacity,
                   "isolcpus=managed_irq,domain,%d nohz_full=%d rcu_nocbs=%d irqaffinity=%s "
                   "processor.max_cstate=1 intel_idle.max_cstate=1 nowatchdog "
                   "transparent_hugepage=madvise",
                   doctor->cpu, doctor->cpu, doctor->cpu, list);
}

static void check_processors(const zc_doctor *doctor, zc_finding *finding)
{
    char found[64];
    size_t count = zc_cpu_set_count(&doctor->online);
    (void)snprintf(found, sizeof found, "%zu online; %d is to sign", count, doctor->cpu);
    say(finding, count > 1 ? ZC_FINDING_GOOD : ZC_FINDING_ADVICE, found,
        count > 1 ? ""
                  : "give the machine a second processor: with one, core can't look for work while "
                    "clients run (leave ZCP_CORE_SPIN_US unset)");
}

/* Whether the signing processor is in a list of the kernel's. */
static void check_list(const zc_doctor *doctor, const char *file, const char *option,
                       zc_finding *finding)
{
    static char text[ZC_MACHINE_TEXT];
    zc_cpu_set set;
    char change[160];
    bool read = zc_machine_read(&doctor->files, file, 0, text) && zc_cpu_set_read(text, &set);
    bool listed = read && set.has[doctor->cpu];
    (void)snprintf(change, sizeof change, "boot with %s%d", option, doctor->cpu);
    say(finding, listed ? ZC_FINDING_GOOD : ZC_FINDING_ADVICE,
        read && text[0] != '\0' ? text : "none", listed ? "" : change);
}

static void check_isolated(const zc_doctor *doctor, zc_finding *finding)
{
    check_list(doctor, CPUS "isolated", "isolcpus=managed_irq,domain,", finding);
}

static void check_nohz(const zc_doctor *doctor, zc_finding *finding)
{
    check_list(doctor, CPUS "nohz_full", "nohz_full=", finding);
}

static void check_rcu(const zc_doctor *doctor, zc_finding *finding)
{
    char value[256] = "none";
    char change[64];
    zc_cpu_set set = {{false}};
    bool there = zc_machine_option(doctor->cmdline, "rcu_nocbs", value, sizeof value);
    bool listed = there && (strcmp(value, "all") == 0 ||
                            (zc_cpu_set_read(value, &set) && set.has[doctor->cpu]));
    (void)snprintf(change, sizeof change, "boot with rcu_nocbs=%d", doctor->cpu);
    say(finding, listed ? ZC_FINDING_GOOD : ZC_FINDING_ADVICE, value, listed ? "" : change);
}

/* The longest sleep that is allowed to the signing processor. */
static void check_sleep(const zc_doctor *doctor, zc_finding *finding)
{
    static char text[ZC_MACHINE_TEXT];
    char name[128], found[96];
    unsigned long worst = 0;
    if (!zc_machine_has(&doctor->files, CPUS "cpu%d/cpuidle/state0/latency", doctor->cpu)) {
        say(finding, ZC_FINDING_UNKNOWN,
            "the kernel has no say: a virtual machine, or idle=poll on its host", "");
        return;
    }
    for (int state = 0; state < 10; state++) {
        (void)snprintf(name, sizeof name, CPUS "cpu%%d/cpuidle/state%c/disable", '0' + state);
        if (zc_machine_read(&doctor->files, name, doctor->cpu, text) && strcmp(text, "0") != 0) {
            continue;
        }
        (void)snprintf(name, sizeof name, CPUS "cpu%%d/cpuidle/state%c/latency", '0' + state);
        if (zc_machine_read(&doctor->files, name, doctor->cpu, text)) {
            unsigned long latency = strtoul(text, NULL, 10);
            worst = latency > worst ? latency : worst;
        }
    }
    (void)snprintf(found, sizeof found, "waking takes up to %lu us", worst);
    bool good = worst <= SLEEP_MAX_US;
    say(finding, good ? ZC_FINDING_GOOD : ZC_FINDING_ADVICE, found,
        good ? "" : "boot with processor.max_cstate=1, or `cpupower idle-set -D 20`");
}

static void check_governor(const zc_doctor *doctor, zc_finding *finding)
{
    static char text[ZC_MACHINE_TEXT];
    if (!zc_machine_read(&doctor->files, CPUS "cpu%d/cpufreq/scaling_governor", doctor->cpu,
                         text)) {
        say(finding, ZC_FINDING_UNKNOWN, "the kernel has no say in the clock's speed", "");
        return;
    }
    bool good = strcmp(text, "performance") == 0;
    say(finding, good ? ZC_FINDING_GOOD : ZC_FINDING_ADVICE, text,
        good ? "" : "`cpupower frequency-set -g performance`");
}

static void check_smt(const zc_doctor *doctor, zc_finding *finding)
{
    static char text[ZC_MACHINE_TEXT];
    if (!zc_machine_read(&doctor->files, CPUS "smt/active", 0, text)) {
        say(finding, ZC_FINDING_UNKNOWN, "the machine does not say", "");
        return;
    }
    bool off = strcmp(text, "0") == 0;
    say(finding, off ? ZC_FINDING_GOOD : ZC_FINDING_ADVICE, off ? "off" : "on",
        off ? ""
            : "boot with nosmt, or take the other thread of the signing core offline: "
              "`echo off > /sys/devices/system/cpu/smt/control`");
}

static void check_thp(const zc_doctor *doctor, zc_finding *finding)
{
    static char text[ZC_MACHINE_TEXT];
    bool read =
        zc_machine_read(&doctor->files, "/sys/kernel/mm/transparent_hugepage/enabled", 0, text);
    bool always = read && strstr(text, "[always]") != NULL;
    say(finding, always ? ZC_FINDING_ADVICE : ZC_FINDING_GOOD, read ? text : "none",
        always ? "`echo madvise > /sys/kernel/mm/transparent_hugepage/enabled`" : "");
}

/* How many interrupts may come to the signing processor. */
static void check_interrupts(const zc_doctor *doctor, zc_finding *finding)
{
    static char text[ZC_MACHINE_TEXT];
    char found[96];
    size_t all = 0, here = 0;
    for (int irq = 0; irq < 1024; irq++) {
        zc_cpu_set set;
        if (zc_machine_read(&doctor->files, "/proc/irq/%d/effective_affinity_list", irq, text) &&
            zc_cpu_set_read(text, &set)) {
            all++;
            here += set.has[doctor->cpu] ? 1 : 0;
        }
    }
    (void)snprintf(found, sizeof found, "%zu of %zu come to processor %d", here, all, doctor->cpu);
    say(finding,
        all == 0    ? ZC_FINDING_UNKNOWN
        : here == 0 ? ZC_FINDING_GOOD
                    : ZC_FINDING_ADVICE,
        found,
        here == 0 ? ""
                  : "stop irqbalance or ban the processor from it (IRQBALANCE_BANNED_CPULIST), and "
                    "write the others into /proc/irq/*/smp_affinity_list");
}

static void check_throttling(const zc_doctor *doctor, zc_finding *finding)
{
    static char text[ZC_MACHINE_TEXT];
    if (!zc_machine_read(&doctor->files, "/proc/sys/kernel/sched_rt_runtime_us", 0, text)) {
        say(finding, ZC_FINDING_UNKNOWN, "the machine does not say", "");
        return;
    }
    bool off = strcmp(text, "-1") == 0;
    char found[64];
    (void)snprintf(found, sizeof found, off ? "off" : "at %.16s us a second", text);
    say(finding, off ? ZC_FINDING_GOOD : ZC_FINDING_ADVICE, found,
        off ? "" : "where core has a real-time priority: `sysctl kernel.sched_rt_runtime_us=-1`");
}

static void check_clock(const zc_doctor *doctor, zc_finding *finding)
{
    static char text[ZC_MACHINE_TEXT];
    bool read = zc_machine_read(&doctor->files,
                                "/sys/devices/system/clocksource/clocksource0/current_clocksource",
                                0, text);
    bool good = read && (strcmp(text, "tsc") == 0 || strcmp(text, "kvm-clock") == 0 ||
                         strcmp(text, "arch_sys_counter") == 0);
    say(finding,
        !read  ? ZC_FINDING_UNKNOWN
        : good ? ZC_FINDING_GOOD
               : ZC_FINDING_ADVICE,
        read ? text : "the machine does not say",
        !read || good ? "" : "boot with clocksource=tsc: reading this one takes a system call");
}

static void check_vsock(const zc_doctor *doctor, zc_finding *finding)
{
    bool device = zc_machine_has(&doctor->files, "/dev/vsock", 0);
    bool nitro = zc_machine_has(&doctor->files, "/dev/nitro_enclaves", 0);
    say(finding, device ? ZC_FINDING_GOOD : ZC_FINDING_UNKNOWN,
        nitro    ? "there, with Nitro Enclaves"
        : device ? "there, without Nitro Enclaves"
                 : "none: only the local platform runs here",
        "");
}

/* The soft limit of a row of /proc/self/limits, or as far as it may be raised. */
static bool limit_of(const zc_doctor *doctor, const char *row, unsigned long *ret_limit)
{
    static char text[ZC_MACHINE_TEXT];
    if (!zc_machine_read(&doctor->files, "/proc/self/limits", 0, text)) {
        return false;
    }
    const char *at = strstr(text, row);
    char soft[32], hard[32];
    if (at == NULL || sscanf(at + strlen(row), "%31s %31s", soft, hard) != 2) {
        return false;
    }
    *ret_limit = strcmp(hard, "unlimited") == 0 ? ~0ul : strtoul(hard, NULL, 10);
    return true;
}

static void check_limit(const zc_doctor *doctor, const char *row, unsigned long least,
                        unsigned long good, const char *change, zc_finding *finding)
{
    unsigned long limit;
    char found[64];
    if (!limit_of(doctor, row, &limit)) {
        say(finding, ZC_FINDING_UNKNOWN, "the machine does not say", "");
        return;
    }
    (void)snprintf(found, sizeof found, limit == ~0ul ? "unlimited" : "%lu", limit);
    say(finding,
        limit < least  ? ZC_FINDING_MISSING
        : limit < good ? ZC_FINDING_ADVICE
                       : ZC_FINDING_GOOD,
        found, limit < good ? change : "");
}

static void check_memlock(const zc_doctor *doctor, zc_finding *finding)
{
    check_limit(doctor, "Max locked memory", LOCKED_LEAST, LOCKED_GOOD,
                "LimitMEMLOCK=64M in the unit, or `ulimit -l 65536`", finding);
}

static void check_files(const zc_doctor *doctor, zc_finding *finding)
{
    check_limit(doctor, "Max open files", 64, FILES_GOOD,
                "LimitNOFILE=16384 in the unit, or `ulimit -n 16384`", finding);
}

/* What the fast arithmetic needs; without it signing works, slower. */
static void check_features(const zc_doctor *doctor, zc_finding *finding)
{
    static const char *const wanted[] = {"sha_ni", "avx2", "aes", "pclmulqdq", "bmi2", "adx"};
    static char text[ZC_MACHINE_TEXT];
    char missing[96] = "";
    if (!zc_machine_read(&doctor->files, "/proc/cpuinfo", 0, text)) {
        say(finding, ZC_FINDING_UNKNOWN, "the machine does not say", "");
        return;
    }
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        if (!zc_machine_has_word(text, wanted[i])) {
            (void)snprintf(missing + strlen(missing), sizeof missing - strlen(missing), "%s%s",
                           missing[0] == '\0' ? "without " : ", ", wanted[i]);
        }
    }
    bool all = missing[0] == '\0';
    say(finding, all ? ZC_FINDING_GOOD : ZC_FINDING_ADVICE, all ? "all that signing uses" : missing,
        all ? "" : "choose a machine that has them (Zen, or Ice Lake and later)");
}

static void check_watchdog(const zc_doctor *doctor, zc_finding *finding)
{
    static char text[ZC_MACHINE_TEXT];
    bool on = zc_machine_read(&doctor->files, "/proc/sys/kernel/watchdog", 0, text) &&
              strcmp(text, "0") != 0;
    say(finding, on ? ZC_FINDING_ADVICE : ZC_FINDING_GOOD, on ? "on" : "off",
        on ? "`sysctl kernel.watchdog=0`, or boot with nowatchdog" : "");
}

static void check_numa(const zc_doctor *doctor, zc_finding *finding)
{
    static char text[ZC_MACHINE_TEXT];
    bool on = zc_machine_read(&doctor->files, "/proc/sys/kernel/numa_balancing", 0, text) &&
              strcmp(text, "0") != 0;
    say(finding, on ? ZC_FINDING_ADVICE : ZC_FINDING_GOOD, on ? "on" : "off",
        on ? "`sysctl kernel.numa_balancing=0`" : "");
}

static void check_load(const zc_doctor *doctor, zc_finding *finding)
{
    static char text[ZC_MACHINE_TEXT];
    if (!zc_machine_read(&doctor->files, "/proc/loadavg", 0, text)) {
        say(finding, ZC_FINDING_UNKNOWN, "the machine does not say", "");
        return;
    }
    text[strcspn(text, " ")] = '\0';
    bool busy = strtod(text, NULL) > (double)zc_cpu_set_count(&doctor->online);
    say(finding, busy ? ZC_FINDING_ADVICE : ZC_FINDING_GOOD, text,
        busy ? "more runs here than there are processors: measure when it is quiet" : "");
}

const zc_check_row zc_checks[ZC_CHECKS] = {
    {"processors", "core and its clients each want one", check_processors},
    {"isolcpus", "the scheduler puts others on the signing processor", check_isolated},
    {"nohz_full", "the timer interrupts a signature up to a thousand times a second", check_nohz},
    {"rcu_nocbs", "the kernel does its clearing up on the signing processor", check_rcu},
    {"c-states", "a processor that sleeps deeply takes longer to wake than to sign", check_sleep},
    {"governor", "the first signatures after a pause run at a low clock", check_governor},
    {"smt", "the other thread of the core takes half of it, and sees its caches", check_smt},
    {"transparent-hugepages", "the kernel stops a process to move its pages together", check_thp},
    {"interrupts", "devices interrupt signatures", check_interrupts},
    {"rt-throttling", "a real-time process that looks for work is stopped for 50 ms each second",
     check_throttling},
    {"clocksource", "each request reads the clock", check_clock},
    {"vsock", "how clients reach an enclave of Nitro", check_vsock},
    {"memlock", "secrets stand in locked memory", check_memlock},
    {"open-files", "each session has a descriptor", check_files},
    {"cpu-features", "signing is written for them", check_features},
    {"watchdog", "it interrupts every processor", check_watchdog},
    {"numa-balancing", "the kernel takes pages away to see who wants them", check_numa},
    {"load", "others want the processors now", check_load},
};
