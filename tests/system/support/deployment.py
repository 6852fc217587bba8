"""A deployment of its own for a test: a temporary folder, `zcp up --detach`, and always an end."""
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

MISSIONS = Path(__file__).resolve().parents[3] / "missions"
STARTER = MISSIONS / "starter.yaml"
OPEN = MISSIONS / "test-open.yaml"

# Exit codes of `zcp`.
DONE, FAILED, USAGE, DENIED, NOT_VERIFIED, UNREACHABLE, APPROVAL = range(7)

NOBODY = 65534


class Answer:
    """What one run of `zcp` gave back."""

    def __init__(self, arguments, code, out, err):
        self.arguments, self.code, self.out, self.err = arguments, code, out, err

    @property
    def text(self):
        return self.out.decode("utf-8", "replace")

    @property
    def error_text(self):
        return self.err.decode("utf-8", "replace")

    @property
    def json(self):
        """The one object on standard output."""
        return json.loads(self.out)

    @property
    def lines(self):
        """The objects of a stream, one a line."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def error(self):
        """The error object that --json puts on standard error; warnings may stand before it."""
        return json.loads(self.err.splitlines()[-1])["error"]

    def __str__(self):
        return f"zcp {' '.join(map(str, self.arguments))}: exit {self.code}\n{self.text[-2000:]}{self.error_text[-2000:]}"


def run(build, *arguments, stdin=b"", timeout=60, **options):
    """Runs BUILD/zcp. `stdin` is bytes or text; `options` go to subprocess."""
    data = stdin.encode() if isinstance(stdin, str) else stdin
    done = subprocess.run([str(build / "zcp"), *map(str, arguments)], input=data, timeout=timeout,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False, **options)
    return Answer(arguments, done.returncode, done.stdout, done.stderr)


class Deployment:
    def __init__(self, build, mission=STARTER, folder=None, user=None):
        """`mission` is a path, or the text of one. `folder` is left alone at the end when it is given."""
        self.build = Path(build).resolve()
        self.home = Path(tempfile.mkdtemp(prefix="zcp-test-"))
        self.dir = Path(folder) if folder else self.home / "d"
        self.options = {"user": user, "group": user, "extra_groups": []} if user is not None else {}
        if user is not None:
            os.chown(self.home, user, user)
        self.beginning = []
        self.mission = Path(mission) if not isinstance(mission, str) else self.file("mission.yaml", mission)

    def file(self, name, content):
        """A file beside the deployment's folder."""
        path = self.home / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def zcp(self, *arguments, **options):
        return run(self.build, *arguments, "--dir", self.dir, **{**self.options, **options})

    def json(self, *arguments, expect=DONE, **options):
        answer = self.zcp(*arguments, "--json", **options)
        assert answer.code == expect, f"expected exit {expect}: {answer}"
        return answer.json

    def lines(self, *arguments, **options):
        answer = self.zcp(*arguments, "--json", **options)
        assert answer.code == DONE, str(answer)
        return answer.lines

    def up(self, *arguments, **options):
        """Starts it; the folder's own mission after the first time."""
        first = ["--mission", self.mission] if not (self.dir / "deployment.json").exists() else []
        return self.zcp("up", "--detach", *first, *arguments, **options)

    def begin(self):
        """Starts it and does not wait: for what is expected not to come up."""
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        up = subprocess.Popen([str(self.build / "zcp"), "up", "--detach", "--dir", str(self.dir)], **quiet, **self.options)
        self.beginning.append(up)

    def start(self):
        answer = self.up()
        assert answer.code == DONE, f"{answer}\n{self.log()}"
        return self

    def log(self):
        path = self.dir / "run" / "zcpd.log"
        return path.read_text(errors="replace")[-4000:] if path.exists() else "(no zcpd.log)"

    def control(self, **question):
        """Asks zcpd on its control socket; None when nobody answers."""
        try:
            with socket.socket(socket.AF_UNIX) as link:
                link.settimeout(5)
                link.connect(str(self.dir / "run" / "zcpd.sock"))
                link.sendall(json.dumps(question).encode() + b"\n")
                return json.loads(link.makefile().readline())
        except (OSError, ValueError):
            return None

    def pids(self):
        """{"zcpd", "enclave", "front", "core"} of the running processes, and "up"."""
        status = self.control(command="status") or {}
        found = {name: pid for name, pid in status.get("pids", {}).items() if pid > 0}
        up = self.supervisor()
        return {**found, "up": up} if up else found

    def supervisor(self):
        try:
            pid = int((self.dir / "run" / "up.lock").read_text())
            arguments = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            return pid if str(self.dir).encode() in arguments else 0
        except (OSError, ValueError):
            return 0

    def kill(self, name):
        os.kill(self.pids()[name], signal.SIGKILL)

    def wait(self, state="serving", seconds=20, boot=None):
        """Waits until zcpd reports the state (of another boot than `boot`, if given)."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            status = self.control(command="status")
            if status is not None and status["state"] == state and (boot is None or self.boot() != boot):
                return status
            time.sleep(0.02)
        raise AssertionError(f"zcpd is not {state} after {seconds} s: {self.control(command='status')}\n{self.log()}")

    def wait_checkpoint(self, seconds=20):
        """Waits until a signed checkpoint covers the whole log as it is now."""
        size, until = self.control(command="status")["log_entries"], time.monotonic() + seconds
        path = self.dir / "log" / "checkpoint"
        while not path.exists() or int(path.read_text().splitlines()[1]) < size:
            assert time.monotonic() < until, f"no checkpoint covers {size} entries after {seconds} s"
            time.sleep(0.05)

    def wait_error(self, seconds=20):
        """Waits until zcpd reports why it does not serve."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            error = (self.control(command="status") or {}).get("error")
            if error is not None:
                return error
            time.sleep(0.02)
        raise AssertionError(f"zcpd reports no error after {seconds} s\n{self.log()}")

    def boot(self):
        answer = self.zcp("status", "--json")
        return answer.json["boot_id"] if answer.code == DONE else None

    def down(self):
        answer = self.zcp("down")
        assert answer.code == DONE, str(answer)

    def restart(self):
        self.down()
        return self.start()

    def stop(self):
        """Stops whatever of it still runs."""
        for up in self.beginning:
            up.kill()
            up.wait()
        pids = self.pids()
        if pids and self.zcp("down").code != DONE:
            for pid in pids.values():
                with_no_error(os.kill, pid, signal.SIGKILL)

    def close(self):
        """Stops it and removes its folder."""
        try:
            self.stop()
        finally:
            shutil.rmtree(self.home, ignore_errors=True)


def with_no_error(function, *arguments):
    try:
        function(*arguments)
    except OSError:
        pass
