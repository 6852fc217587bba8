"""`zcp doctor` on machines that are folders: it says what is wrong, and nothing where all is well."""
import json
import os
import subprocess
import sys
import tempfile

ZCP = os.path.join(sys.argv[1], "zcp")

GOOD = {
    "sys/devices/system/cpu/online": "0-3",
    "sys/devices/system/cpu/isolated": "3",
    "sys/devices/system/cpu/nohz_full": "3",
    "sys/devices/system/cpu/smt/active": "0",
    "sys/devices/system/cpu/cpu3/cpuidle/state0/latency": "0",
    "sys/devices/system/cpu/cpu3/cpuidle/state0/disable": "0",
    "sys/devices/system/cpu/cpu3/cpuidle/state1/latency": "2",
    "sys/devices/system/cpu/cpu3/cpuidle/state1/disable": "0",
    "sys/devices/system/cpu/cpu3/cpufreq/scaling_governor": "performance",
    "sys/devices/system/clocksource/clocksource0/current_clocksource": "tsc",
    "sys/kernel/mm/transparent_hugepage/enabled": "always [madvise] never",
    "proc/cmdline": "BOOT_IMAGE=/vmlinuz isolcpus=3 nohz_full=3 rcu_nocbs=2-3 quiet",
    "proc/irq/1/effective_affinity_list": "0",
    "proc/irq/24/effective_affinity_list": "1-2",
    "proc/sys/kernel/sched_rt_runtime_us": "-1",
    "proc/sys/kernel/watchdog": "0",
    "proc/sys/kernel/numa_balancing": "0",
    "proc/loadavg": "0.10 0.20 0.30 1/200 4000",
    "proc/self/limits": "Limit                     Soft Limit           Hard Limit           Units\n"
                        "Max locked memory         8388608              67108864             bytes\n"
                        "Max open files            1024                 1048576              files\n",
    "proc/cpuinfo": "model name\t: A processor\nflags\t\t: fpu aes pclmulqdq avx2 bmi2 adx sha_ni sse2\n",
    "dev/vsock": "",
}

# What is changed, the check that must notice, the state it must give, and a word of what to change.
CASES = [
    ("sys/devices/system/cpu/nohz_full", "", "nohz_full", "advice", "nohz_full=3"),
    ("sys/devices/system/cpu/nohz_full", "0-2", "nohz_full", "advice", "nohz_full=3"),
    ("proc/cmdline", "quiet", "rcu_nocbs", "advice", "rcu_nocbs=3"),
    ("proc/cmdline", "xrcu_nocbs=3", "rcu_nocbs", "advice", "rcu_nocbs=3"),
    ("sys/devices/system/cpu/cpu3/cpuidle/state1/latency", "133", "c-states", "advice", "max_cstate"),
    ("sys/devices/system/cpu/cpu3/cpuidle/state0/latency", None, "c-states", "unknown", ""),
    ("sys/devices/system/cpu/cpu3/cpufreq/scaling_governor", "powersave", "governor", "advice", "performance"),
    ("sys/devices/system/cpu/smt/active", "1", "smt", "advice", "nosmt"),
    ("sys/kernel/mm/transparent_hugepage/enabled", "[always] madvise never", "transparent-hugepages", "advice",
     "madvise"),
    ("proc/irq/24/effective_affinity_list", "1-3", "interrupts", "advice", "smp_affinity_list"),
    ("proc/sys/kernel/sched_rt_runtime_us", "950000", "rt-throttling", "advice", "sched_rt_runtime_us=-1"),
    ("sys/devices/system/clocksource/clocksource0/current_clocksource", "hpet", "clocksource", "advice", "tsc"),
    ("dev/vsock", None, "vsock", "unknown", ""),
    ("proc/self/limits", "Max locked memory 65536 65536 bytes\nMax open files 1024 1048576 files\n", "memlock",
     "missing", "LimitMEMLOCK"),
    ("proc/self/limits", "Max locked memory 8388608 8388608 bytes\nMax open files 1024 1024 files\n", "open-files",
     "advice", "LimitNOFILE"),
    ("proc/cpuinfo", "flags : aes pclmulqdq avx2 bmi2 adx", "cpu-features", "advice", "machine"),
    ("proc/sys/kernel/watchdog", "1", "watchdog", "advice", "watchdog"),
    ("proc/sys/kernel/numa_balancing", "1", "numa-balancing", "advice", "numa_balancing"),
    ("proc/loadavg", "9.50 1 1 1/1 1", "load", "advice", "quiet"),
]


def make(root, files):
    for name, text in files.items():
        if text is None:
            continue
        path = os.path.join(root, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="ascii") as file:
            file.write(text)


def examine(files, *options):
    with tempfile.TemporaryDirectory() as root:
        make(root, files)
        run = subprocess.run([ZCP, "doctor", "--json", "--root", root, *options], capture_output=True, text=True,
                             timeout=20, check=False)
        return run.returncode, json.loads(run.stdout) if run.stdout else None, run.stderr


def main():
    code, found, _ = examine(GOOD)
    assert code == 0, (code, found)
    assert found["cpu"] == 3
    wrong = [check for check in found["checks"] if check["state"] != "good"]
    assert not wrong, wrong
    for word in ("isolcpus=managed_irq,domain,3", "nohz_full=3", "rcu_nocbs=3", "irqaffinity=0-2"):
        assert word in found["boot_line"], found["boot_line"]

    for name, text, check, state, word in CASES:
        code, found, _ = examine({**GOOD, name: text})
        row = next(row for row in found["checks"] if row["name"] == check)
        assert row["state"] == state and word in row["change"], (name, text, row)
        assert code == (1 if state == "missing" else 0), (name, code)

    _, found, _ = examine({**GOOD, "sys/devices/system/cpu/isolated": ""})
    assert found["cpu"] == 3 and any(row["name"] == "isolcpus" and row["state"] == "advice" for row in found["checks"])
    _, found, _ = examine(GOOD, "--cpu", "1")
    assert found["cpu"] == 1 and "irqaffinity=0,2-3" in found["boot_line"]
    _, found, _ = examine({**GOOD, "sys/devices/system/cpu/online": "0", "sys/devices/system/cpu/isolated": ""})
    assert found["boot_line"] == "" and found["checks"][0]["state"] == "advice"

    for options, expected in ((("--cpu", "9"), 1), (("--cpu", "x"), 2), (("--cpu", "-1"), 2)):
        code, found, said = examine(GOOD, *options)
        assert code == expected and found is None and said, (options, code, said)
    code, found, said = examine({})
    assert code == 1 and found is None and "cannot examine" in said, said
    run = subprocess.run([ZCP, "doctor"], capture_output=True, text=True, timeout=20, check=False)
    assert "cpu-features" in run.stdout
    print("doctor: good machine, %d single faults, wrong options" % len(CASES))


main()
