"""PKCS #11 under load and in other hands: code signing, requests, a TLS server, ssh, threads, and programs that fork."""
import ctypes
import getpass
import hashlib
import os
import shutil
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time
import unittest

from support import case
from support.deployment import OPEN
from support.gateway import free_port
from support.signatures import ecdsa_holds

TOOLS = ("openssl", "osslsigncode", "ssh", "ssh-keygen")
SSHD = "/usr/sbin/sshd"
URI = "pkcs11:token=zerocopy;object=web;type=private;pin-value=admin"
THREADS, EACH = 6, 8


def portable_executable():
    """The least that is a program for Windows: headers, one empty section."""
    optional = struct.pack("<HBBIIIII", 0x20B, 14, 0, 512, 0, 0, 0x1000, 0x1000)
    optional += struct.pack("<QIIHHHHHHIIIIHH", 0x140000000, 0x1000, 0x200, 6, 0, 0, 0, 6, 0, 0, 0x2000, 0x200, 0, 3, 0)
    optional += struct.pack("<QQQQII", 1 << 20, 1 << 12, 1 << 20, 1 << 12, 0, 16) + bytes(16 * 8)
    head = b"MZ" + bytes(58) + struct.pack("<I", 64)
    head += b"PE\0\0" + struct.pack("<HHIIIHH", 0x8664, 1, 0, 0, 0, len(optional), 0x22) + optional
    head += struct.pack("<8sIIIIIIHHI", b".text", 1, 0x1000, 0x200, 0x200, 0, 0, 0, 0, 0x60000020)
    return head.ljust(0x200, b"\0") + b"\xc3".ljust(0x200, b"\0")


class Clients(case.SystemTest):
    @classmethod
    def setUpClass(cls):
        missing = [tool for tool in TOOLS if shutil.which(tool) is None]
        if missing:
            raise unittest.SkipTest(f"not installed: {', '.join(missing)} (scripts/install-packages check)")
        cls.d = cls.deploy_for_class(OPEN)
        cls.point = bytes.fromhex(cls.d.json("key", "create", "web", "--curve", "p256")["public_key"])
        cls.module = str((case.build / "libzcp-pkcs11.so").resolve())
        cls.engine = cls.d.file("engine.cnf", "\n".join([
            "openssl_conf = conf", "[conf]", "engines = engines", "[engines]", "pkcs11 = engine", "[engine]", "engine_id = pkcs11",
            f"MODULE_PATH = {cls.module}", "init = 0", "[req]", "distinguished_name = name", "[name]", "[signs]",
            "keyUsage = digitalSignature", "extendedKeyUsage = codeSigning,serverAuth", "basicConstraints = critical,CA:TRUE",
            "subjectAltName = IP:127.0.0.1"]) + "\n")
        cls.environment = {**os.environ, "ZCP_DIR": str(cls.d.dir), "ZCP_PKCS11_LOG": "1", "ZCP_CREDENTIAL": "admin",
                           "ZCP_PKCS11_KEYS": "web"}

    def call(self, *command, code=0, **env):
        done = subprocess.run([str(part) for part in command], env={**self.environment, **env}, cwd=self.d.home, timeout=60,
                              stdin=subprocess.DEVNULL, capture_output=True, check=False)
        text = (done.stdout + done.stderr).decode(errors="replace")
        self.assertEqual(done.returncode, code, f"{command}\n{text}")
        return text

    def certificate(self):
        path = self.d.home / "web.pem"
        if not path.exists():
            self.call("openssl", "req", "-new", "-x509", "-days", "30", "-sha256", "-engine", "pkcs11", "-keyform", "engine", "-key",
                      URI, "-subj", "/CN=web.example", "-extensions", "signs", "-out", path, OPENSSL_CONF=str(self.engine))
        return path

    def test_openssl__certificate_request__verifies(self):
        request = self.d.home / "web.csr"
        self.call("openssl", "req", "-new", "-sha256", "-engine", "pkcs11", "-keyform", "engine", "-key", URI, "-subj",
                  "/CN=web.example", "-out", request, OPENSSL_CONF=str(self.engine))
        self.assertIn("verify OK", self.call("openssl", "req", "-in", request, "-verify", "-noout"))

    def test_openssl__tls_server__clients_connect(self):
        port, certificate = free_port(), self.certificate()
        server = subprocess.Popen(["openssl", "s_server", "-accept", f"127.0.0.1:{port}", "-engine", "pkcs11", "-keyform", "engine",
                                   "-key", URI, "-cert", str(certificate), "-www", "-quiet"], cwd=self.d.home,
                                  env={**self.environment, "OPENSSL_CONF": str(self.engine)}, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(server.wait, 10)
        self.addCleanup(server.kill)
        context = ssl.create_default_context(cafile=str(certificate))
        for _ in range(3):
            with self.connect(port) as link, context.wrap_socket(link, server_hostname="127.0.0.1") as tls:
                self.assertEqual(tls.version(), "TLSv1.3")

    def connect(self, port, seconds=20):
        until = time.monotonic() + seconds
        while True:
            try:
                return socket.create_connection(("127.0.0.1", port), 10)
            except OSError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)

    def test_osslsigncode__a_program__signed_and_verified(self):
        program, signed = self.d.file("program.exe", portable_executable()), self.d.home / "signed.exe"
        signed.unlink(missing_ok=True)
        self.call("osslsigncode", "sign", "-pkcs11module", self.module, "-certs", self.certificate(),
                  "-key", URI, "-h", "sha256", "-in", program, "-out", signed)
        text = self.call("osslsigncode", "verify", "-CAfile", self.certificate(), "-in", signed)
        self.assertIn("Signature verification: ok", text)
        altered = bytearray(signed.read_bytes())
        altered[0x200] ^= 1
        signed.write_bytes(altered)
        self.call("osslsigncode", "verify", "-CAfile", self.certificate(), "-in", signed, code=1)

    def test_ssh__with_the_library__logs_in(self):
        if not os.path.exists(SSHD):
            self.skipTest("there is no sshd (openssh-server)")
        home = self.d.home / "sshd"
        home.mkdir(mode=0o700)
        self.call("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", home / "host")
        (home / "authorized").write_text(self.call("ssh-keygen", "-D", self.module))
        port = free_port()
        (home / "config").write_text(f"Port {port}\nListenAddress 127.0.0.1\nHostKey {home}/host\nPidFile {home}/pid\n"
                                     f"AuthorizedKeysFile {home}/authorized\nStrictModes no\nUsePAM no\nPasswordAuthentication no\n"
                                     "KbdInteractiveAuthentication no\nPermitRootLogin prohibit-password\n")
        if os.geteuid() == 0:
            os.makedirs("/run/sshd", exist_ok=True)
        with (home / "log").open("wb") as log:
            server = subprocess.Popen([SSHD, "-D", "-e", "-f", str(home / "config")], stderr=log)
        self.addCleanup(server.wait, 10)
        self.addCleanup(server.terminate)
        self.connect(port).close()
        (home / "known").write_text(f"[127.0.0.1]:{port} {(home / 'host.pub').read_text()}")
        login = ["ssh", "-F", "/dev/null", "-o", f"UserKnownHostsFile={home}/known", "-o", "BatchMode=yes", "-o", "IdentityAgent=none", "-I",
                 self.module, "-p", port, f"{getpass.getuser()}@127.0.0.1", "echo", "logged-in"]
        self.assertIn("logged-in", self.call(*login))
        self.call(*login, code=255, ZCP_CREDENTIAL="nobody")


CK_ULONG = ctypes.c_ulong
OK, ARGUMENTS_BAD, ALREADY, NOT_INITIALIZED = 0, 7, 0x191, 0x190
CKM_ECDSA_SHA256, CKO_PRIVATE_KEY = 0x1044, 3
# Places in CK_FUNCTION_LIST.
INITIALIZE, FINALIZE, SLOTS, OPEN_SESSION, LOGIN, CREATE = 0, 1, 4, 12, 18, 20
FIND_INIT, FIND, FIND_FINAL, SIGN_INIT, SIGN = 26, 27, 28, 42, 43


class Attribute(ctypes.Structure):
    _fields_ = [("kind", CK_ULONG), ("value", ctypes.c_void_p), ("len", CK_ULONG)]


class Mechanism(ctypes.Structure):
    _fields_ = [("kind", CK_ULONG), ("parameter", ctypes.c_void_p), ("len", CK_ULONG)]


class InitializeArguments(ctypes.Structure):
    _fields_ = [("locks", ctypes.c_void_p * 4), ("flags", CK_ULONG), ("reserved", ctypes.c_void_p)]


class Token:
    """The library, called as a program of C does."""

    def __init__(self, module):
        library = ctypes.CDLL(module)
        table = ctypes.POINTER(ctypes.c_void_p)()
        assert library.C_GetFunctionList(ctypes.byref(table)) == OK
        # Behind the version, which fills one pointer's place.
        self.at = lambda number: ctypes.CFUNCTYPE(CK_ULONG)(table[number + 1])

    def initialize(self):
        arguments = InitializeArguments(flags=2)  # CKF_OS_LOCKING_OK
        return self.at(INITIALIZE)(ctypes.byref(arguments))

    def must(self, number, *arguments):
        result = self.at(number)(*arguments)
        assert result == OK, f"function {number}: 0x{result:x}"

    def session(self):
        slots, count, session = (CK_ULONG * 8)(), CK_ULONG(8), CK_ULONG()
        self.must(SLOTS, ctypes.c_ubyte(1), slots, ctypes.byref(count))
        self.must(OPEN_SESSION, CK_ULONG(slots[0]), CK_ULONG(4), None, None, ctypes.byref(session))
        logged_in = self.at(LOGIN)(session, CK_ULONG(1), b"admin", CK_ULONG(5))
        assert logged_in in (OK, 0x100), hex(logged_in)  # or logged in already
        return session

    def sign(self, session, message):
        kind, key, count = CK_ULONG(CKO_PRIVATE_KEY), CK_ULONG(), CK_ULONG()
        wanted = Attribute(0, ctypes.addressof(kind), ctypes.sizeof(kind))
        self.must(FIND_INIT, session, ctypes.byref(wanted), CK_ULONG(1))
        self.must(FIND, session, ctypes.byref(key), CK_ULONG(1), ctypes.byref(count))
        self.must(FIND_FINAL, session)
        assert count.value == 1
        mechanism, signature, length = Mechanism(CKM_ECDSA_SHA256, None, 0), ctypes.create_string_buffer(64), CK_ULONG(64)
        self.must(SIGN_INIT, session, ctypes.byref(mechanism), key)
        self.must(SIGN, session, message, CK_ULONG(len(message)), signature, ctypes.byref(length))
        return signature.raw[:length.value]


class Program(case.SystemTest):
    """In a process of its own: what a library does to a process stays there."""

    def test_threads_and_forks__each_signs__and_the_exit_is_clean(self):
        d = self.deploy(OPEN)
        point = d.json("key", "create", "web", "--curve", "p256")["public_key"]
        done = subprocess.run(["/usr/bin/env", "python3", __file__, "--program", str(case.build / "libzcp-pkcs11.so"), point],
                              env={**os.environ, "ZCP_DIR": str(d.dir)}, capture_output=True, timeout=60, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, b""), done.stdout.decode() + done.stderr.decode())
        self.assertEqual(done.stdout.decode().split(), ["threads", str(THREADS * EACH), "child", "parent", "again"])


def program(module, point):
    public = (int(point[2:66], 16), int(point[66:], 16))
    token = Token(module)

    def sign(session, name):
        message = f"message {name}".encode()
        assert ecdsa_holds("p256", public, hashlib.sha256(message).digest(), token.sign(session, message)), name

    assert token.initialize() == OK and token.initialize() == ALREADY
    ended = []

    def work(number):
        session = token.session()
        for i in range(EACH):
            sign(session, f"{number}/{i}")
            ended.append(i)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print("threads", len(ended), flush=True)
    session = token.session()
    # A length without bytes is refused where it would be read.
    hollow = Attribute(0x102, None, 16)  # CKA_ID
    for call in (lambda: token.at(FIND_INIT)(session, ctypes.byref(hollow), CK_ULONG(1)),
                 lambda: token.at(CREATE)(session, ctypes.byref(hollow), CK_ULONG(1), ctypes.byref(CK_ULONG()))):
        assert call() == ARGUMENTS_BAD
    # A child owes the library an initialisation of its own; neither it nor its end may touch what the parent has.
    child = os.fork()
    if child == 0:
        if token.at(SLOTS)(ctypes.c_ubyte(1), None, ctypes.byref(CK_ULONG())) not in (OK, NOT_INITIALIZED):
            os._exit(2)
        if token.initialize() != OK:
            os._exit(3)
        sign(token.session(), "child")
        print("child", flush=True)
        os._exit(0 if token.at(FINALIZE)(None) == OK else 4)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    sign(session, "parent")
    print("parent", flush=True)
    token.must(FINALIZE, None)
    assert token.initialize() == OK
    sign(token.session(), "again")
    print("again", flush=True)


if __name__ == "__main__":
    if "--program" in sys.argv:
        program(*sys.argv[2:])
    else:
        case.main(120)
