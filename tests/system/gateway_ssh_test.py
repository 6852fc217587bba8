"""`zcp gateway ssh-agent`: ssh logs in with it, ssh-keygen signs with it, and its protocol byte by byte."""
import getpass
import hashlib
import os
import shutil
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from support import case, signatures  # noqa: E402
from support.deployment import OPEN, STARTER  # noqa: E402
from support.gateway import Gateway, free_port, identity  # noqa: E402

SSHD = "/usr/sbin/sshd"
FAILURE, SUCCESS, IDENTITIES, SIGN, LOCK, UNLOCK, EXTENSION, EXTENSION_FAILURE = 5, 6, 11, 13, 22, 23, 27, 28


def string(data):
    return struct.pack(">I", len(data)) + data


def strings(data):
    found = []
    while data:
        size = struct.unpack(">I", data[:4])[0]
        found.append(data[4:4 + size])
        data = data[4 + size:]
    return found


class Agent:
    """The client's end of the protocol, written apart from the product."""

    def __init__(self, path):
        self.link = socket.socket(socket.AF_UNIX)
        self.link.settimeout(20)
        self.link.connect(str(path))

    def ask(self, kind, body=b""):
        self.link.sendall(string(bytes([kind]) + body))
        return self.answer()

    def answer(self):
        head = self.exactly(4)
        whole = self.exactly(struct.unpack(">I", head)[0])
        return whole[0], whole[1:]

    def exactly(self, size):
        got = b""
        while len(got) < size:
            more = self.link.recv(size - len(got))
            if not more:
                raise ConnectionError("the agent hung up")
            got += more
        return got

    def identities(self):
        kind, body = self.ask(IDENTITIES)
        assert kind == 12, kind
        count, rest = struct.unpack(">I", body[:4])[0], strings(body[4:])
        assert len(rest) == 2 * count
        return {rest[i + 1].decode(): rest[i] for i in range(0, len(rest), 2)}

    def sign(self, blob, data, flags=0):
        return self.ask(SIGN, string(blob) + string(data) + struct.pack(">I", flags))

    def close(self):
        self.link.close()


class SshAgent(case.SystemTest):
    @classmethod
    def setUpClass(cls):
        cls.d = cls.deploy_for_class(OPEN)
        for curve in ("p256", "ed25519", "secp256k1"):
            cls.d.json("key", "create", f"key-{curve}", "--curve", curve)
        cls.socket = cls.d.home / "agent.sock"
        cls.g = Gateway(cls.d, "ssh-agent", listen=False, options=[
            "--credential", cls.d.dir / "credentials" / "admin.key", "--listen", f"unix:{cls.socket}"])
        cls.addClassCleanup(cls.g.stop)
        cls.environment = {**os.environ, "SSH_AUTH_SOCK": str(cls.socket)}

    def agent(self):
        made = Agent(self.socket)
        self.addCleanup(made.close)
        return made

    def run_ssh(self, *arguments, expect=0, **options):
        done = subprocess.run(list(map(str, arguments)), env=self.environment, capture_output=True, timeout=30, check=False,
                              **options)
        self.assertEqual(done.returncode, expect, done.stdout.decode() + done.stderr.decode())
        return done

    def public_keys(self):
        lines = self.run_ssh("ssh-add", "-L").stdout.decode().splitlines()
        return {line.split()[2]: line for line in lines}

    def test_ssh_add__lists_what_ssh_can_use(self):
        keys = self.public_keys()
        self.assertEqual(set(keys), {"key-p256", "key-ed25519"})
        self.assertTrue(keys["key-p256"].startswith("ecdsa-sha2-nistp256 "), keys)
        self.assertEqual(stat_mode(self.socket), 0o600)

    def test_keygen__signs_a_file_with_the_agent__and_verifies_it(self):
        for name, line in self.public_keys().items():
            public = self.d.file(f"{name}.pub", line + "\n")
            message = self.d.file(f"{name}.txt", "a release\n")
            signature = Path(f"{message}.sig")
            signature.unlink(missing_ok=True)
            self.run_ssh("ssh-keygen", "-Y", "sign", "-f", public, "-n", "file", message)
            allowed = self.d.file("allowed", f"me@desk {' '.join(line.split()[:2])}\n")
            check = ["ssh-keygen", "-Y", "verify", "-f", allowed, "-I", "me@desk", "-n", "file", "-s", signature]
            self.run_ssh(*check, input=b"a release\n")
            self.run_ssh(*check, input=b"another\n", expect=255)

    def sshd(self):
        """An sshd of this user's own on loopback, which knows the agent's keys alone."""
        if not os.path.exists(SSHD):
            self.skipTest("there is no sshd (openssh-server)")
        home = self.d.home / "sshd"
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(mode=0o700)
        self.run_ssh("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", home / "host")
        keys = home / "authorized"
        keys.write_text("".join(line + "\n" for line in self.public_keys().values()))
        port = free_port()
        config = home / "config"
        config.write_text(f"""Port {port}
ListenAddress 127.0.0.1
HostKey {home}/host
PidFile {home}/pid
AuthorizedKeysFile {keys}
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
AllowAgentForwarding yes
PermitRootLogin prohibit-password
""")
        if os.geteuid() == 0:
            os.makedirs("/run/sshd", exist_ok=True)
        with (home / "log").open("wb") as log:
            process = subprocess.Popen([SSHD, "-D", "-e", "-f", str(config)], stderr=log)
        self.addCleanup(process.wait, 10)
        self.addCleanup(process.terminate)
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.05)
        self.sshd_log = home / "log"
        public = (home / "host.pub").read_text()
        known = home / "known"
        known.write_text(f"[127.0.0.1]:{port} {public}")
        return port, known

    def login(self, port, known, line, *command, expect=0):
        public = self.d.file("identity.pub", line + "\n")
        return self.run_ssh("ssh", "-F", "/dev/null", "-o", f"UserKnownHostsFile={known}", "-o", "StrictHostKeyChecking=yes",
                            "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes", "-i", public, "-p", port,
                            f"{getpass.getuser()}@127.0.0.1", *command, expect=expect)

    def test_ssh__logs_in_with_each_key__and_not_while_locked(self):
        port, known = self.sshd()
        for line in self.public_keys().values():
            done = self.login(port, known, line, "echo", "hello")
            self.assertEqual(done.stdout, b"hello\n", self.sshd_log.read_text())
        time.sleep(0.1)
        operations = [line.get("operation") for line in self.g.log()]
        self.assertIn("extension", operations, "ssh bound the agent to its session")
        agent = self.agent()
        line = self.public_keys()["key-p256"]
        self.assertEqual(agent.ask(LOCK, string(b"secret"))[0], SUCCESS)
        self.login(port, known, line, "true", expect=255)
        self.assertEqual(agent.ask(UNLOCK, string(b"secret"))[0], SUCCESS)
        self.login(port, known, line, "true")

    def test_lock__hides_and_refuses__until_the_right_passphrase(self):
        agent = self.agent()
        blob = agent.identities()["key-p256"]
        self.assertEqual(agent.ask(UNLOCK, string(b"x"))[0], FAILURE)
        self.assertEqual(agent.ask(LOCK, string(b"secret"))[0], SUCCESS)
        other = self.agent()
        self.assertEqual(other.identities(), {})
        self.assertEqual(other.sign(blob, b"x")[0], FAILURE)
        self.assertEqual(other.ask(LOCK, string(b"mine"))[0], FAILURE)
        self.assertEqual(other.ask(UNLOCK, string(b"wrong"))[0], FAILURE)
        self.assertEqual(other.ask(UNLOCK, string(b"secret"))[0], SUCCESS)
        self.assertEqual(agent.sign(blob, b"x")[0], 14)

    def test_sign__each_kind_of_key__holds(self):
        agent = self.agent()
        found = agent.identities()
        kind, body = agent.sign(found["key-ed25519"], b"data", flags=2)
        name, raw = strings(strings(body)[0])
        self.assertEqual((kind, name), (14, b"ssh-ed25519"))
        self.assertTrue(signatures.ed25519_holds(strings(found["key-ed25519"])[1], b"data", raw))
        point = strings(found["key-p256"])[2]
        public = (int.from_bytes(point[1:33], "big"), int.from_bytes(point[33:], "big"))
        for i in range(64):  # until every length of r and s has been there
            data = b"data %d" % i
            kind, body = agent.sign(found["key-p256"], data)
            name, scalars = strings(strings(body)[0])
            r, s = strings(scalars)
            self.assertEqual((kind, name), (14, b"ecdsa-sha2-nistp256"))
            for scalar in (r, s):
                self.assertFalse(scalar[0] & 0x80 or (scalar[0] == 0 and not scalar[1] & 0x80), "a shortest mpint")
            whole = b"".join(int.from_bytes(one, "big").to_bytes(32, "big") for one in (r, s))
            self.assertTrue(signatures.ecdsa_holds("p256", public, hashlib.sha256(data).digest(), whole))

    def test_requests__unknown_or_malformed__failure_and_the_next_is_served(self):
        agent = self.agent()
        blob = agent.identities()["key-p256"]
        for kind, body in ((17, b"x"), (18, string(blob)), (19, b""), (25, b""), (26, b""), (1, b""), (255, b""), (IDENTITIES, b"x"),
                           (SIGN, b""), (SIGN, string(blob)), (SIGN, string(blob) + string(b"x")),
                           (SIGN, string(blob) + string(b"x") + bytes(5)), (SIGN, string(b"x") + string(b"x") + bytes(4)),
                           (SIGN, string(blob) + string(b"x") + b"\0\0\0\1"), (SIGN, struct.pack(">I", 2**32 - 1)),
                           (SIGN, string(blob) + string(bytes(100_000)) + bytes(4)), (LOCK, b""), (LOCK, string(bytes(2000))),
                           (EXTENSION, b""), (EXTENSION, string(b"session-bind@openssh.com"))):
            agent = self.agent()
            self.assertEqual(agent.ask(kind, body)[0], FAILURE, (kind, body[:20]))
        self.assertEqual(agent.ask(EXTENSION, string(b"query"))[0], EXTENSION_FAILURE)
        self.assertEqual(len(agent.identities()), 2)
        for head in (b"\0\0\0\0", struct.pack(">I", 2**18 + 1), b"\xff\xff\xff\xff"):
            hostile = self.agent()
            hostile.link.sendall(head + b"x")
            with self.assertRaises(OSError):
                hostile.answer()

    def bound(self, agent, session, forwarding=0, key="key-ed25519", tamper=False):
        """The deployment's own key stands for a server's host key."""
        other = self.agent()
        blob = other.identities()[key]
        signature = strings(other.sign(blob, session)[1])[0]
        body = (string(b"session-bind@openssh.com") + string(blob) + string(session[:-1] + b"?" if tamper else session) +
                string(signature) + bytes([forwarding]))
        return agent.ask(EXTENSION, body)[0]

    def test_session_bind__signs_for_that_session_alone(self):
        def login(session):
            return string(session) + b"\x32" + string(b"me") + string(b"ssh-connection")
        for key in ("key-ed25519", "key-p256"):
            agent = self.agent()
            blob = agent.identities()["key-p256"]
            self.assertEqual(self.bound(agent, b"session one " * 2, forwarding=1, key=key), SUCCESS)
            self.assertEqual(agent.sign(blob, login(b"session one " * 2))[0], FAILURE, "that one only forwards")
            self.assertEqual(self.bound(agent, b"session two " * 2, key=key), SUCCESS)
            self.assertEqual(agent.sign(blob, login(b"session two " * 2))[0], 14)
            self.assertEqual(agent.sign(blob, login(b"session one " * 2))[0], FAILURE)
            self.assertEqual(self.bound(agent, b"session three", key=key), FAILURE, "an end was bound before")
            self.assertEqual(agent.sign(blob, b"anything")[0], FAILURE)
        agent = self.agent()
        self.assertEqual(self.bound(agent, b"session four", tamper=True), FAILURE)
        self.assertEqual(agent.sign(blob, b"anything")[0], FAILURE)
        agent = self.agent()
        rsa = string(b"session-bind@openssh.com") + string(string(b"ssh-rsa") + string(b"x")) + string(b"s") + string(b"g") + b"\0"
        self.assertEqual(agent.ask(EXTENSION, rsa)[0], SUCCESS)
        self.assertEqual(agent.sign(blob, login(b"any"))[0], 14)


def stat_mode(path):
    return os.stat(path).st_mode & 0o777


class Policy(case.SystemTest):
    def test_refused__by_the_mission__failure_and_the_rule_in_the_log(self):
        d = self.deploy(STARTER)
        d.json("key", "create", "key-p256", "--curve", "p256")
        path = d.home / "agent.sock"
        gateway = Gateway(d, "ssh-agent", listen=False, options=[
            "--credential", d.dir / "credentials" / "trader.key", "--listen", f"unix:{path}"])
        self.addCleanup(gateway.stop)
        agent = Agent(path)
        self.addCleanup(agent.close)
        self.assertEqual(agent.sign(agent.identities()["key-p256"], b"x")[0], FAILURE)
        time.sleep(0.1)
        signs = [line for line in gateway.log() if line.get("operation") == "sign"]
        self.assertEqual((signs[-1]["decision"], signs[-1]["key"]), ("deny", "key-p256"))

    def test_peer__of_a_uid_that_nobody_named__is_hung_up_on(self):
        d = self.deploy(OPEN)
        path = d.home / "agent.sock"
        gateway = Gateway(d, "ssh-agent", listen=False, identities=[identity("other", "admin", uids=[os.geteuid() + 1])],
                          options=["--listen", f"unix:{path}"])
        self.addCleanup(gateway.stop)
        agent = Agent(path)
        self.addCleanup(agent.close)
        with self.assertRaises(OSError):
            agent.identities()


if __name__ == "__main__":
    case.main(140)
