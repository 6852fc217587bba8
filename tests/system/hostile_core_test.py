"""An attacker who runs code inside core, front or the security module: what is there to reach, and what happens to him."""
import os
import re
import resource
import signal
import subprocess
import time
import unittest

import hostile_inject as inject
from support import case
from support.deployment import NOBODY, OPEN

ENCLAVE = ("enclave", "front", "core")
# name: number on x86-64 and its arguments; 0 stands for harmless ones, the filter looks before the call does.
FORBIDDEN = {
    "open": (2, ()), "openat": (257, (-100,)), "creat": (85, ()), "openat2": (437, (-100,)), "unlink": (87, ()),
    "socket": (41, (1, 1)), "socketpair": (53, (1, 1)), "connect": (42, (5,)), "bind": (49, (5,)), "listen": (50, (5, 1)),
    "execve": (59, ()), "execveat": (322, ()), "fork": (57, ()), "clone": (56, (0x11,)), "clone3": (435, ()),
    "ptrace": (101, (0,)), "process_vm_readv": (310, (1,)), "process_vm_writev": (311, (1,)), "kill": (62, (1, 9)),
    "pidfd_getfd": (438, ()), "memfd_create": (319, ()), "memfd_secret": (447, ()), "userfaultfd": (323, ()),
    "io_uring_setup": (425, (8,)), "bpf": (321, ()), "keyctl": (250, ()), "perf_event_open": (298, ()),
    "prctl": (157, (4, 1)), "seccomp": (317, ()), "unshare": (272, (0x10000000,)), "setns": (308, ()), "mount": (165, ()),
    "personality": (135, ()), "setrlimit": (160, ()), "prlimit64": (302, ()), "shmget": (29, ()), "dup": (32, (1,)),
    "ioctl": (16, (0,)), "mmap of a file": (9, (0, 4096, 1, 2, 5, 0)), "mmap to run": (9, (0, 4096, 7, 0x22, -1, 0)),
    "mprotect to run": (10, (0x10000, 4096, 5)), "getdents64": (217, ()), "readlink": (89, ()), "chdir": (80, ()),
    "x32 getpid": (0x40000000 + 39, ()),
}
# What the issue names, in every process; everything above in core.
FIRST = ("openat", "socket", "execve", "ptrace", "fork", "mmap to run")


def status_of(pid):
    with open(f"/proc/{pid}/status") as lines:
        return dict(line.rstrip("\n").split(":\t", 1) for line in lines if ":\t" in line)


def descriptors(pid):
    """{number: what it is}, sockets and the like without their numbers."""
    folder = f"/proc/{pid}/fd"
    return {int(number): re.sub(r":\[\d+\]", "", os.readlink(f"{folder}/{number}")) for number in os.listdir(folder)}


class LockedInTest(case.SystemTest):
    """What the kernel says of the running processes, as root and as an ordinary user started them."""

    def check(self, user):
        deployment = self.deploy(OPEN, user=user)
        isolation = deployment.json("status")["isolation"]
        pids = deployment.pids()
        for name in ENCLAVE:
            with self.subTest(process=name, user=user):
                self.check_status(pids[name], isolation, user)
                self.check_namespaces(pids[name], name, isolation)
                if os.geteuid() == 0:
                    self.check_reach(pids[name], name, deployment, isolation)

    def check_status(self, pid, isolation, user):
        status = status_of(pid)
        self.assertEqual(status["Seccomp"], "2")
        self.assertEqual(status["NoNewPrivs"], "1")
        for which in ("CapInh", "CapPrm", "CapEff", "CapAmb"):
            self.assertEqual(int(status[which], 16), 0, which)
        self.assertEqual(status["Threads"], "1")
        self.assertEqual(status["TracerPid"], "0")
        self.assertTrue(all(isolation[name] for name in ("seccomp", "no_new_privs", "no_capabilities", "not_dumpable",
                                                         "locked_memory")), isolation)
        # The kernel gives what may not be dumped to root, whoever runs it.
        self.assertEqual(os.stat(f"/proc/{pid}/mem").st_uid, 0)
        with open(f"/proc/{pid}/limits") as limits:
            line = next(line for line in limits if line.startswith("Max core file size"))
        self.assertEqual(line.split()[4:6], ["0", "0"])

    def check_namespaces(self, pid, name, isolation):
        if os.geteuid() != 0:
            return
        for layer, kind in (("user_ns", "user"), ("mount_ns", "mnt"), ("net_ns", "net"), ("pid_ns", "pid"),
                            ("ipc_ns", "ipc"), ("uts_ns", "uts")):
            if isolation[layer] and not (name == "enclave" and kind == "pid"):
                self.assertNotEqual(os.readlink(f"/proc/{pid}/ns/{kind}"), os.readlink(f"/proc/self/ns/{kind}"), kind)

    def check_reach(self, pid, name, deployment, isolation):
        if isolation["mount_ns"]:
            self.assertEqual(os.listdir(f"/proc/{pid}/root"), [], "its file system is not empty")
            mounts = open(f"/proc/{pid}/mountinfo").read().splitlines()
            self.assertEqual(len(mounts), 1, mounts)
            self.assertIn(" ro", mounts[0])
        if isolation["net_ns"]:
            interfaces = [line.split(":")[0].strip() for line in open(f"/proc/{pid}/net/dev").read().splitlines()[2:]]
            self.assertIn(interfaces, ([], ["lo"]))
        found = descriptors(pid)
        self.assertEqual({found.pop(0), found.pop(1)}, {"/dev/null"})
        self.assertEqual(found.pop(2), str(deployment.dir / "run" / "zcpd.log"))
        with open(f"/proc/{pid}/fdinfo/2") as info:
            flags = int(re.search(r"flags:\s*(\d+)", info.read())[1], 8)
        self.assertEqual(flags & os.O_ACCMODE, os.O_WRONLY, "the log is for writing alone")
        self.assertEqual(sorted(found.values()),
                         {"core": ["anon_inode:[eventpoll]"] * 2 + ["socket"] * 3,
                          "front": ["anon_inode:[eventpoll]"] + ["socket"] * 2, "enclave": ["socket"]}[name])

    def test_processes__started_by_the_caller__are_locked_in(self):
        self.check(None)

    @unittest.skipIf(os.geteuid() != 0, "this is an ordinary user already")
    def test_processes__started_by_an_ordinary_user__are_locked_in(self):
        if not case.build.stat().st_mode & 1:
            self.skipTest("an ordinary user can't enter the build folder")
        self.check(NOBODY)


@unittest.skipIf(os.geteuid() != 0, "only root can take a process over")
@unittest.skipUnless(inject.SUPPORTED, "the registers of this processor are not known to the test")
class InsideTest(case.SystemTest):
    """Code of the attacker's choice in the very processes that serve: root lends him its ptrace."""

    def setUp(self):
        # Core files would be written if the processes did not forbid them.
        before = resource.getrlimit(resource.RLIMIT_CORE)
        self.addCleanup(resource.setrlimit, resource.RLIMIT_CORE, before)
        resource.setrlimit(resource.RLIMIT_CORE, (before[1], before[1]))
        self.deployment = self.deploy(OPEN, start=False)
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(self.deployment.home)  # where core files of what is started here would be
        self.deployment.start()
        self.pids = self.deployment.pids()

    def again(self):
        """Waits for the next enclave, all of whose processes are new."""
        until = time.monotonic() + 10
        while time.monotonic() < until:
            status = self.deployment.control(command="status")
            pids = self.deployment.pids()
            if status and status["state"] == "serving" and len(pids) == 5 and not {pids[name] for name in ENCLAVE} & {
                    self.pids[name] for name in ENCLAVE}:
                self.pids = pids
                return
            time.sleep(0.01)
        self.fail(f"the service did not come back: {self.deployment.control(command='status')}")

    def tries(self, victim, names):
        for name in names:
            number, arguments = FORBIDDEN[name]
            pid = self.pids[victim]
            with self.subTest(victim=victim, call=name):
                ended = inject.call(pid, number, arguments)
                self.assertEqual(ended, signal.SIGSYS, f"{victim} survived {name}")
            self.again()

    def test_core__calls_what_it_must_not__dies_each_time(self):
        # Core makes the shared memory that it hands to clients; it can map nothing of it executable.
        self.tries("core", {name: call for name, call in FORBIDDEN.items() if name != "memfd_create"})

    def test_front__calls_what_it_must_not__dies_each_time(self):
        self.tries("front", FIRST)

    def test_module__calls_what_it_must_not__dies_each_time(self):
        self.tries("enclave", FIRST)

    def test_core__crashes__leaves_no_core_file(self):
        for victim in ENCLAVE:
            inject.crash(self.pids[victim])
            self.again()
        os.kill(self.pids["enclave"], signal.SIGABRT)
        self.again()
        self.assertEqual([str(file) for file in self.core_files()], [])

    def core_files(self):
        with open("/proc/sys/kernel/core_pattern") as file:
            pattern = file.read().strip()
        if pattern.startswith("|"):
            self.skipTest("core files go to a program here; the limit and the dumpable flag are tested elsewhere")
        home = self.deployment.home
        name = re.sub(r"%.", "*", os.path.basename(pattern)) + "*"
        places = {home, self.deployment.dir, self.deployment.dir / "run", home / os.path.dirname(pattern)}
        return [file for place in places for file in place.glob(name)]

    def test_control__a_process_like_any_other__makes_the_call_and_leaves_a_core_file(self):
        """The attack itself works: what kills core is its filter, and what leaves no file is its own doing."""
        sleeper = subprocess.Popen(["sleep", "60"])
        try:
            time.sleep(0.05)
            ended = inject.call(sleeper.pid, *FORBIDDEN["socket"])
            self.assertEqual(ended, signal.SIGSEGV, "it went on after the call, into nowhere")
        finally:
            sleeper.kill()
            sleeper.wait()
        crashing = subprocess.Popen(["sleep", "60"])
        crashing.send_signal(signal.SIGSEGV)
        crashing.wait()
        self.assertEqual(len(self.core_files()), 1)


if __name__ == "__main__":
    case.main(130)
