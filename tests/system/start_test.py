"""What a start does, counted: programs, processes, threads, libraries, system calls, pages. Times say less on a busy machine."""
import re
import shutil
import subprocess
import unittest
from pathlib import Path

from support import case
from support.deployment import DONE, OPEN

# What no start needs; each would cost it milliseconds.
LOADED_WHEN_USED = ("curl", "microhttpd", "gnutls", "ldap", "krb5", "p11-kit", "nats", "pkcs11")


def libraries(pid):
    maps = Path(f"/proc/{pid}/maps").read_text()
    return {Path(line.split()[-1]).name.split(".so")[0] for line in maps.splitlines() if ".so" in line}


def needed(program):
    out = subprocess.run(["ldd", case.build / program], capture_output=True, text=True, check=True).stdout
    return {line.split()[0].split(".so")[0] for line in out.splitlines()}


def threads(pid):
    return int(re.search(r"(?m)^Threads:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1])


def pages_touched(pid):
    """Page faults without the disk, of a process's whole life."""
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[7])


class Start(case.SystemTest):
    def built_for_use(self):
        if b"__asan_init" in (case.build / "zcpd").read_bytes():
            self.skipTest("a build with sanitizers is counted with what they do")

    def restarted(self):
        d = self.deploy(OPEN)
        d.json("key", "create", "k", "--curve", "p256")
        d.restart()
        return d

    def test_processes__threads_libraries_and_pages__no_more_than_needed(self):
        self.built_for_use()
        d = self.restarted()
        pids = d.pids()
        self.assertEqual({name: threads(pids[name]) for name in ("zcpd", "enclave", "front", "core", "up")},
                         {"zcpd": 2, "enclave": 1, "front": 1, "core": 1, "up": 1})
        for name in ("zcpd", "up"):
            for unneeded in LOADED_WHEN_USED:
                self.assertFalse([loaded for loaded in libraries(pids[name]) if unneeded in loaded], name)
        for program in ("zcp", "zcpd", "zcp-enclave"):
            for unneeded in LOADED_WHEN_USED:
                self.assertFalse([linked for linked in needed(program) if unneeded in linked], program)
        if d.json("status")["isolation"]["memfd_secret"]:  # memory that is locked at once is touched at once
            pages = {name: pages_touched(pids[name]) for name in ("zcpd", "enclave", "front", "core")}
            for name, most in {"zcpd": 1300, "enclave": 800, "front": 500, "core": 2300}.items():
                self.assertLess(pages[name], most, f"{name}: {pages}")

    @unittest.skipIf(shutil.which("strace") is None, "strace is not here")
    def test_system_calls__programs_and_processes__counted(self):
        self.built_for_use()
        d = self.restarted()
        d.down()
        trace = d.home / "trace"
        up = subprocess.Popen(["strace", "-f", "-qq", "-s", "0", "-o", trace, case.build / "zcp", "up", "--detach", "--dir", d.dir],
                              stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            d.wait(seconds=30)
            d.down()
        finally:
            up.wait(30)
        # Until somebody asked it to stop.
        lines = trace.read_text(errors="replace").splitlines()
        stop = next(i for i, line in enumerate(lines) if line.endswith("(SIGTERM)"))
        calls = [line for line in lines[:stop] if "resumed>" not in line]
        born = [line for line in calls if re.search(r" (clone3?|v?fork)\(", line)]
        self.assertEqual(len([line for line in calls if "execve(" in line]), 3, "zcp, zcpd, zcp-enclave")
        self.assertEqual(len(born), 6, "supervisor, zcpd, its publisher; the enclave's front and core")
        # Who announces the start waits for zcpd to listen, asks it once, and is told.
        announcer = calls[0].split()[0]
        asked = [line for line in lines[:stop] if line.startswith(announcer) and "sendto(" in line]
        self.assertLessEqual(len(asked), 2, asked)
        waits = calls.index(born[0])
        work = [line for i, line in enumerate(calls) if i < waits or not line.startswith(announcer)]
        self.assertLess(len(work), 1800)

    def test_up__says_so_when_it_serves__and_a_session_opens_at_once(self):
        d = self.restarted()
        for _ in range(3):
            d.down()
            self.expect(d.zcp("up", "--detach"), DONE)
            self.expect(d.zcp("sign", "message", "--key", "k", stdin="at once"), DONE)

    def test_gateway__is_a_program_of_its_own__and_zcp_becomes_it(self):
        d = self.deploy(OPEN)
        process = subprocess.Popen([case.build / "zcp", "gateway", "rest", "--dir", d.dir, "--listen", "127.0.0.1:0",
                                    "--credential", d.dir / "credentials" / "admin.key"], stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL, text=True)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        self.assertIn("rest", process.stdout.readline())
        self.assertEqual(Path(f"/proc/{process.pid}/exe").resolve().name, "zcp-gateway")
        process.stdout.close()


if __name__ == "__main__":
    case.main(30)
