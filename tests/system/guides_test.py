"""Every page of docs/guides, as a reader follows it: its files are written, its commands run in order in one shell, in an empty
folder with a deployment of its own, and what they print is what the page says.

How a page says it:
  ```sh         commands. Those behind "$ " show what they print, up to the next "$ "; the others must succeed. A line that ends
                in a backslash or within single quotes goes on. `zcp gateway` is what a reader leaves running in another terminal, and so does the test.
  ```json NAME  (or yaml, text, ini) the content of the file NAME, written with mode 0600.
  …             in what is printed: anything at all. White space counts for nothing: pages break long lines.

The pages have the ports of their interfaces, so the test has a network namespace of its own where it may have one.
`guides_test.py BUILD --show NAME` prints what really happens."""
import fcntl
import os
import re
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from support import case
from support.deployment import MISSIONS

GUIDES = MISSIONS.parent / "docs" / "guides"
BUILT = ("zcp", "zcpd", "zcp-enclave", "zcp-gateway", "libzcp.so.0", "libzcp-pkcs11.so")
INSIDE = "ZC_GUIDES_NAMESPACE"
SECONDS = 30
show = False


def enter_namespace():
    """Runs this test again without a network but its own loopback. Where that is not allowed it goes on as it is."""
    if os.environ.get(INSIDE) is None:
        unshare = ["unshare", "--map-root-user", "--net"]
        if subprocess.run([*unshare, "true"], capture_output=True, check=False).returncode == 0:
            os.execvpe(unshare[0], [*unshare, sys.executable, *sys.argv], {**os.environ, INSIDE: "yes"})
        return
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        up = struct.pack("16sh", b"lo", 1 | 0x40)  # IFF_UP, IFF_RUNNING
        fcntl.ioctl(link, 0x8914, up + bytes(22))  # SIOCSIFFLAGS


class Command:
    def __init__(self, text, line, shown):
        self.text, self.line, self.shown, self.output = text, line, shown, []

    @property
    def serves(self):
        return self.text.startswith("zcp gateway")


def blocks(text):
    """(language, name, first line, lines) of each fenced block."""
    found = None
    for number, line in enumerate(text.splitlines(), 1):
        fence = re.match(r"```(\w*) ?(\S*)$", line)
        if fence is None:
            if found is not None:
                found[3].append(line)
        elif found is None:
            found = (*fence.groups(), number + 1, [])
        else:
            yield found
            found = None
    assert found is None, "a block has no end"


def commands(first, lines):
    made, goes_on, prompted = [], False, any(line.startswith("$ ") for line in lines)
    for number, line in enumerate(lines, first):
        if goes_on:
            made[-1].text += "\n" + line
        elif line.startswith("$ ") or (not prompted and line.strip()):
            made.append(Command(line.removeprefix("$ "), number, prompted))
        elif prompted:
            assert made, f"line {number} shows what no command printed"
            made[-1].output.append(line)
            continue
        goes_on = line.endswith("\\") or made[-1].text.count("'") % 2 == 1
    return made


def fits(expected, printed):
    parts = ("".join(part.split()) for part in "\n".join(expected).split("…"))
    return re.fullmatch(".*?".join(map(re.escape, parts)), "".join(printed.split()), re.DOTALL) is not None


class Shell:
    """One bash, whose variables and folder last from command to command."""

    END = "--a-command-ended--"

    def __init__(self, folder, programs):
        environment = {"PATH": f"{programs}:/usr/bin:/bin:/usr/sbin:/sbin", "HOME": str(folder), "LANG": "C.UTF-8",
                       "LD_LIBRARY_PATH": str(programs)}
        self.process = subprocess.Popen(["bash", "--norc", "-s"], cwd=folder, env=environment, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
        self.folder, self.programs = folder, programs

    def run(self, command):
        """(exit code, what it printed)."""
        self.process.stdin.write(f"{{ {command}\n}} </dev/null\nprintf '\\n{self.END}%d\\n' $?\n".encode())
        self.process.stdin.flush()
        end = re.compile(rf"\n{self.END}(\d+)\n".encode())
        printed, until = b"", time.monotonic() + SECONDS
        while end.search(printed) is None:
            ready, _, _ = select.select([self.process.stdout], [], [], max(0, until - time.monotonic()))
            part = os.read(self.process.stdout.fileno(), 65536) if ready else b""
            if not part:
                raise AssertionError(f"{command} does not end: {printed.decode(errors='replace')}")
            printed += part
        found = end.search(printed)
        return int(found[1]), printed[:found.start()].decode(errors="replace")

    def serve(self, command, expected):
        """Starts it in the background, until it has printed what is expected."""
        out = self.folder / "gateway.out"
        self.run(f"(exec {command}\n) >{out} 2>gateway.log &")
        until = time.monotonic() + SECONDS
        while not out.exists() or not out.read_text().endswith("\n") or not fits(expected, out.read_text()):
            if time.monotonic() > until:
                raise AssertionError(f"{command}: {out.read_text()}{(self.folder / 'gateway.log').read_text()}")
            time.sleep(0.02)
        return 0, out.read_text()

    def close(self):
        """Ends what was started, also when a command hangs."""
        subprocess.run([self.programs / "zcp", "down", "--dir", self.folder / "var"], capture_output=True, timeout=SECONDS, check=False)
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()


class Guides(case.SystemTest):
    @classmethod
    def setUpClass(cls):
        """Programs and missions lie as an installation has them."""
        cls.home = Path(tempfile.mkdtemp(prefix="zcp-guides-"))
        cls.addClassCleanup(shutil.rmtree, cls.home, True)
        (cls.home / "bin").mkdir()
        for name in BUILT:
            shutil.copy2(case.build / name, cls.home / "bin" / name)
        (cls.home / "missions").symlink_to(MISSIONS)

    def follow(self, page):
        folder = self.home / page.stem
        folder.mkdir()
        shell = Shell(folder, self.home / "bin")
        try:
            ran = sum(self.follow_block(shell, page.name, *block) for block in blocks(page.read_text()))
        finally:
            shell.close()
        self.assertGreater(ran, 2, f"{page.name} has no commands to follow")
        return ran

    def follow_block(self, shell, page, language, name, first, lines):
        if language != "sh":
            if name:
                path = shell.folder / name
                path.write_text("\n".join(lines) + "\n")
                path.chmod(0o600)
            return 0
        made = commands(first, lines)
        for command in made:
            where = f"{page}:{command.line}: {command.text}"
            code, printed = shell.serve(command.text, ["…"] if show else command.output) if command.serves else shell.run(command.text)
            if show:
                print(f"$ {command.text}\n{printed}[{code}]")
                continue
            self.assertTrue(command.shown and command.output or code == 0, f"{where}\nexit {code}: {printed}")
            expected = "\n".join(command.output)
            self.assertTrue(not expected or fits(command.output, printed), f"{where}\nprinted:\n{printed}\nthe page says:\n{expected}")
        return len(made)


def add_tests():
    """A test for each page, whatever pages there are."""
    for page in sorted(GUIDES.glob("*.md")):
        def test(self, page=page):
            self.follow(page)
        setattr(Guides, f"test_{page.stem.replace('-', '_')}__as_a_reader_follows_it__says_what_happens", test)


if __name__ == "__main__":
    enter_namespace()
    if "--show" in sys.argv:
        at = sys.argv.index("--show")
        show = True
        sys.argv[at:] = [f"Guides.test_{sys.argv[at + 1].replace('-', '_')}__as_a_reader_follows_it__says_what_happens"]
    add_tests()
    case.main(140)
