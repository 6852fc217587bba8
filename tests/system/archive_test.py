"""Copies of the log: a folder, a real S3 server with object lock, NATS JetStream. Each takes an object once, each goes on
where it stopped, and a copy that was changed is told."""
import base64
import datetime
import ipaddress
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import unittest

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from support import case
from support.ceph import Ceph, free_port, missing
from support.deployment import DONE, FAILED, NOT_VERIFIED, OPEN, UNREACHABLE, USAGE

S3_BUCKET, LOCKED = "records", "locked"


class Archive(case.SystemTest):
    @classmethod
    def setUpClass(cls):
        cls.d = d = cls.deploy_for_class(OPEN)
        d.json("key", "create", "k", "--curve", "p256")
        cls.grow()

    @classmethod
    def grow(cls):
        for i in range(3):
            cls.d.json("sign", "digest", "--key", "k", stdin=os.urandom(32).hex())
        cls.d.wait_checkpoint()
        note = (cls.d.dir / "log" / "checkpoint").read_text()
        cls.size = int(note.split("\n")[1])

    def archive(self, place, *options, code=DONE, **more):
        return self.expect(self.d.zcp("audit", "archive", "--to", place, *options, "--json", **more), code)

    def check_restored(self, objects):
        """`objects` are those of journal/, in order: one behind the other they are the log."""
        copy = self.d.file("restored", b"".join(objects))
        answer = self.expect(self.d.zcp("audit", "verify", "--log", copy, "--json")).json
        self.assertEqual(answer["entries"], self.size)

    def goes_on(self, place, *options, **more):
        """First what is there, then what is new, then nothing."""
        first = self.archive(place, *options, **more).json
        self.assertEqual((first["entries"], first["written"]), (self.size, 2))
        type(self).grow()
        second = self.archive(place, *options, **more).json
        self.assertEqual((second["entries"], second["written"], second["compared"]), (self.size, 2, 0))
        self.assertEqual(self.archive(place, *options, **more).json["written"], 0)
        again = self.archive(place, *options, "--again", **more).json
        self.assertEqual((again["written"], again["compared"]), (0, 2))
        for state in (self.d.dir / "log").glob("archive-*.json"):
            state.unlink()
        lost = self.archive(place, *options, **more).json
        self.assertEqual((lost["entries"], lost["written"], lost["compared"]), (self.size, 0, 2))

    def test_folder__goes_on__every_byte_counts(self):
        place = self.d.home / "second"
        self.goes_on(place)
        objects = sorted((place / "journal").iterdir())
        self.check_restored([path.read_bytes() for path in objects])
        for path in objects:
            self.assertEqual(path.stat().st_mode & 0o222, 0, "an object is not to be written to")
            whole = path.read_bytes()
            for at in range(0, len(whole), len(whole) // 7):
                path.chmod(0o600)
                path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1:])
                self.archive(place, "--again", code=NOT_VERIFIED)
            path.write_bytes(whole[:-1])
            self.archive(place, "--again", code=NOT_VERIFIED)
            path.write_bytes(whole)
        self.archive(place, "--again")

    def test_folder__another_logs_copy__refused(self):
        place = self.d.home / "foreign"
        self.archive(place)
        first = sorted((place / "journal").iterdir())[0]
        first.chmod(0o600)
        first.write_bytes(b"\0\0\0\1x")
        for state in (self.d.dir / "log").glob("archive-*.json"):
            state.unlink()
        self.archive(place, code=NOT_VERIFIED)

    def test_folder__follows(self):
        place = self.d.home / "followed"
        process = subprocess.Popen([str(case.build / "zcp"), "audit", "archive", "--to", str(place), "-f", "--json", "--dir",
                                    str(self.d.dir)], stdout=subprocess.PIPE, text=True)
        try:
            self.assertEqual(json.loads(process.stdout.readline())["entries"], self.size)
            type(self).grow()
            self.assertEqual(json.loads(process.stdout.readline())["entries"], self.size)
        finally:
            process.kill()
            process.wait()
            process.stdout.close()

    def test_place__that_is_none__told(self):
        self.expect_error(self.d.zcp("audit", "archive", "--json"), USAGE, "--to")
        for place in ("s3://", "s3:///x", "s3://a b", "nats://127.0.0.1:1", "nats://127.0.0.1:1/a b", "nats://u:p@h:1/S"):
            self.expect_error(self.d.zcp("audit", "archive", "--to", place, "--json"), USAGE)
        self.expect_error(self.d.zcp("audit", "archive", "--to", f"nats://127.0.0.1:{free_port()}/S", "--json"), UNREACHABLE)
        clean = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        self.expect_error(self.d.zcp("audit", "archive", "--to", "s3://b/p", "--json", env=clean), FAILED, "AWS_ACCESS_KEY_ID")


class S3(Archive):
    """With boto3 as the outside reader."""

    @classmethod
    def setUpClass(cls):
        lacking = missing()
        if lacking:
            raise unittest.SkipTest(f"no S3 server here: {', '.join(lacking)} are not installed")
        import boto3  # of Debian, with the S3 server's packages
        import botocore.config
        cls.ceph = Ceph()
        cls.addClassCleanup(cls.ceph.close)
        keys = cls.ceph.environment()
        cls.client = boto3.client("s3", endpoint_url=cls.ceph.endpoint, region_name="us-east-1",
                                  aws_access_key_id=keys["AWS_ACCESS_KEY_ID"],
                                  aws_secret_access_key=keys["AWS_SECRET_ACCESS_KEY"],
                                  config=botocore.config.Config(s3={"addressing_style": "path"}))
        cls.client.create_bucket(Bucket=S3_BUCKET)
        cls.client.create_bucket(Bucket=LOCKED, ObjectLockEnabledForBucket=True)
        super().setUpClass()

    test_folder__goes_on__every_byte_counts = test_folder__another_logs_copy__refused = None
    test_folder__follows = test_place__that_is_none__told = None

    def to(self, place, *options, **more):
        return (place, "--endpoint", self.ceph.endpoint, *options), {"env": self.ceph.environment(), **more}

    def objects(self, bucket, prefix):
        found = self.client.list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents", [])
        return sorted(item["Key"] for item in found)

    def body(self, bucket, key):
        return self.client.get_object(Bucket=bucket, Key=key)["Body"].read()

    def test_s3__goes_on__an_outside_reader_restores_it(self):
        arguments, more = self.to(f"s3://{S3_BUCKET}/desk/one")
        self.goes_on(*arguments, **more)
        keys = self.objects(S3_BUCKET, "desk/one/journal/")
        self.check_restored([self.body(S3_BUCKET, key) for key in keys])
        self.client.put_object(Bucket=S3_BUCKET, Key=keys[0], Body=b"something else")
        self.archive(*arguments, "--again", code=NOT_VERIFIED, **more)

    def test_s3__object_lock__held_and_not_to_be_deleted(self):
        arguments, more = self.to(f"s3://{LOCKED}/r", "--lock-days", "30")
        self.goes_on(*arguments, **more)
        for key in self.objects(LOCKED, "r/"):
            head = self.client.head_object(Bucket=LOCKED, Key=key)
            self.assertEqual(head["ObjectLockMode"], "COMPLIANCE")
            self.assertGreater(head["ObjectLockRetainUntilDate"].timestamp(), time.time() + 29 * 86400)
            with self.assertRaises(self.client.exceptions.ClientError):
                self.client.delete_object(Bucket=LOCKED, Key=key, VersionId=head["VersionId"])
            versions = self.client.list_object_versions(Bucket=LOCKED, Prefix=key)["Versions"]
            self.assertEqual(len(versions), 1, "an object is written once")

    def test_s3__no_object_lock__told(self):
        arguments, more = self.to(f"s3://{S3_BUCKET}/unlocked", "--lock-days", "30")
        answer = self.d.zcp("audit", "archive", "--to", *arguments, "--json", **more)
        self.assertIn(answer.code, (FAILED, NOT_VERIFIED), str(answer))

    def test_s3__credentials__of_a_file__wrong_ones__told(self):
        place, options = f"s3://{S3_BUCKET}/file", ("--endpoint", self.ceph.endpoint)
        keys = self.ceph.environment()
        clean = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        path = self.d.file("keys", f"[other]\naws_access_key_id = x\n[default]\n# ours\naws_access_key_id = "
                           f"{keys['AWS_ACCESS_KEY_ID']}\naws_secret_access_key={keys['AWS_SECRET_ACCESS_KEY']}\n")
        path.chmod(0o644)
        self.archive(place, *options, "--credentials", path, code=FAILED, env=clean)
        path.chmod(0o600)
        self.archive(place, *options, "--credentials", path, env=clean)
        wrong = {**keys, "AWS_SECRET_ACCESS_KEY": "wrong"}
        self.expect_error(self.d.zcp("audit", "archive", "--to", place + "2", *options, "--json", env=wrong), FAILED, "403")
        self.expect_error(self.d.zcp("audit", "archive", "--to", "s3://nobucket/x", *options, "--json", env=keys), FAILED,
                          "NoSuchBucket")


class Nats(Archive):
    @classmethod
    def more(cls):
        """Of the server's configuration."""
        return ""

    @classmethod
    def setUpClass(cls):
        if shutil.which("nats-server") is None:
            raise unittest.SkipTest("no nats-server here")
        cls.home = tempfile.mkdtemp(prefix="zcp-nats-")
        cls.addClassCleanup(shutil.rmtree, cls.home, True)
        cls.port = free_port()
        config = os.path.join(cls.home, "nats.conf")
        with open(config, "w", encoding="ascii") as file:
            file.write(f'listen: "127.0.0.1:{cls.port}"\njetstream {{store_dir: "{cls.home}/js"}}\n'
                       "authorization {user: desk, password: secret}\n" + cls.more())
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        cls.process = subprocess.Popen(["nats-server", "-c", config], **quiet)
        cls.addClassCleanup(cls.process.wait)
        cls.addClassCleanup(cls.process.kill)
        until = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", cls.port), 1).close()
                break
            except OSError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)
        super().setUpClass()

    test_folder__goes_on__every_byte_counts = test_folder__another_logs_copy__refused = None
    test_folder__follows = test_place__that_is_none__told = None

    def ask(self, subject, payload=b""):
        """The outside reader: a request by hand."""
        with socket.create_connection(("127.0.0.1", self.port), 5) as link:
            lines = link.makefile("rb")
            lines.readline()
            link.sendall(b'CONNECT {"verbose":false,"user":"desk","pass":"secret"}\r\nSUB me 1\r\n'
                         + f"PUB {subject} me {len(payload)}\r\n".encode() + payload + b"\r\n")
            words = lines.readline().split()
            return json.loads(lines.read(int(words[-1])))

    def environment(self, **more):
        return {"env": {**os.environ, "NATS_USER": "desk", "NATS_PASSWORD": "secret", **more}}

    def test_nats__goes_on__an_outside_reader_restores_it(self):
        self.goes_on(f"nats://127.0.0.1:{self.port}/DESK", **self.environment())
        config = self.ask("$JS.API.STREAM.INFO.DESK")["config"]
        self.assertTrue(config["deny_delete"] and config["deny_purge"])
        objects = []
        for number in range(1, self.ask("$JS.API.STREAM.INFO.DESK")["state"]["messages"] + 1):
            message = self.ask("$JS.API.STREAM.MSG.GET.DESK", json.dumps({"seq": number}).encode())["message"]
            if ".journal." in message["subject"]:
                objects.append(base64.b64decode(message["data"]))
        self.check_restored(objects)
        for api in ("$JS.API.STREAM.PURGE.DESK", "$JS.API.STREAM.MSG.DELETE.DESK"):
            self.assertIn("error", self.ask(api, b'{"seq":1}' if "DELETE" in api else b""))

    def test_nats__changed_behind_its_back__told(self):
        place = f"nats://127.0.0.1:{self.port}/CHANGED"
        self.archive(place, **self.environment())
        self.ask("zcp.log.CHANGED.journal.00000000000000000000", b"something else")
        self.archive(place, "--again", code=NOT_VERIFIED, **self.environment())

    def test_nats__wrong_password__a_stream_that_forgets__told(self):
        place = f"nats://127.0.0.1:{self.port}/OTHER"
        self.expect_error(self.d.zcp("audit", "archive", "--to", place, "--json", **self.environment(NATS_PASSWORD="x")), FAILED,
                          "Authorization")
        self.ask("$JS.API.STREAM.CREATE.LOOSE", json.dumps({"name": "LOOSE", "subjects": ["zcp.log.LOOSE.>"],
                                                            "max_age": 3600000000000}).encode())
        self.archive(f"nats://127.0.0.1:{self.port}/LOOSE", code=NOT_VERIFIED, **self.environment())

    def test_nats__tls_where_there_is_none__no_credential_leaves(self):
        place = f"tls://127.0.0.1:{self.port}/DESK"
        self.expect_error(self.d.zcp("audit", "archive", "--to", place, "--json", **self.environment()), FAILED,
                          "offers no TLS")


def certificate(folder, name, issuer=None, address=None):
    """A key and a certificate, NAME.key and NAME.pem: an authority, or of its issuer for one address."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.timezone.utc)
    made = (x509.CertificateBuilder().subject_name(subject).issuer_name(issuer[1].subject if issuer else subject)
            .public_key(key.public_key()).serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True))
    if address:
        made = made.add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), False)
    made = made.sign(issuer[0] if issuer else key, hashes.SHA256())
    with open(os.open(os.path.join(folder, name + ".key"), os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
        file.write(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                     serialization.NoEncryption()))
    with open(os.path.join(folder, name + ".pem"), "wb") as file:
        file.write(made.public_bytes(serialization.Encoding.PEM))
    return key, made


class NatsTls(Nats):
    """The same server, which takes nobody without a certificate of its authority."""

    @classmethod
    def more(cls):
        authority = certificate(cls.home, "authority")
        certificate(cls.home, "server", authority, "127.0.0.1")
        certificate(cls.home, "client", authority)
        certificate(cls.home, "stranger", certificate(cls.home, "other"))
        return (f'tls {{cert_file: "{cls.home}/server.pem", key_file: "{cls.home}/server.key", '
                f'ca_file: "{cls.home}/authority.pem", verify: true}}\n')

    test_nats__goes_on__an_outside_reader_restores_it = test_nats__changed_behind_its_back__told = None
    test_nats__wrong_password__a_stream_that_forgets__told = None
    test_nats__tls_where_there_is_none__no_credential_leaves = None

    def files(self, ca="authority", shown="client"):
        return ["--ca", f"{self.home}/{ca}.pem", "--client-cert", f"{self.home}/{shown}.pem",
                "--client-key", f"{self.home}/{shown}.key"]

    def refused(self, place, *files, code=UNREACHABLE, word=""):
        return self.expect_error(self.d.zcp("audit", "archive", "--to", place, *files, "--json", **self.environment()), code,
                                 *([word] if word else []))

    def test_tls__goes_on(self):
        self.goes_on(f"tls://127.0.0.1:{self.port}/DESK", *self.files(), **self.environment())

    def test_tls__each_thing_wrong__refused(self):
        place, by_name = f"tls://127.0.0.1:{self.port}/X", f"tls://localhost:{self.port}/X"
        self.refused(f"nats://127.0.0.1:{self.port}/X", code=FAILED, word="tls://")
        self.refused(place, *self.files(ca="other"), word="certificate")
        self.refused(place, *self.files()[2:], word="certificate")
        self.refused(by_name, *self.files(), word="mismatch")
        self.refused(place, *self.files(shown="stranger"))
        self.refused(place, "--ca", f"{self.home}/authority.pem")
        self.refused(place, *self.files()[:4], code=USAGE)
        self.refused(f"nats://127.0.0.1:{self.port}/X", *self.files(), code=USAGE)
        self.refused(place, *self.files()[:5], f"{self.home}/stranger.key", code=FAILED, word="no private key")
        self.refused(place, *self.files(ca="nothing"), code=FAILED, word="nothing.pem")
        os.chmod(f"{self.home}/client.key", 0o644)
        self.addCleanup(os.chmod, f"{self.home}/client.key", 0o600)
        self.refused(place, *self.files(), code=FAILED)


if __name__ == "__main__":
    case.main(145)
