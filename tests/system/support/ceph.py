"""An S3 server of Debian's for a test: Ceph's gateway over one monitor and one disk in memory."""
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from pathlib import Path

PROGRAMS = ("ceph", "ceph-mon", "ceph-osd", "monmaptool", "radosgw", "radosgw-admin", "ceph-authtool")
ACCESS, SECRET = "TESTACCESSKEY", "test/secret+key"

CONFIG = """[global]
fsid = {fsid}
mon_host = v2:127.0.0.1:{mon}
auth_cluster_required = none
auth_service_required = none
auth_client_required = none
ms_client_mode = crc
ms_mon_client_mode = crc
ms_mon_service_mode = crc
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 1
osd_pool_default_pgp_num = 1
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0
osd_objectstore = memstore
memstore_device_bytes = 268435456
mon_allow_pool_size_one = true
log_file = {home}/$name.log
pid_file = {home}/run/$name.pid
admin_socket = {home}/run/$name.asok
run_dir = {home}/run
keyring = {home}/keyring
mon_data = {home}/mon
osd_data = {home}/osd
osd_journal = {home}/osd/journal
[client.rgw]
rgw_frontends = beast endpoint=127.0.0.1:{port}
rgw_enable_apis = s3
"""


def missing():
    """What this machine lacks of it."""
    return [name for name in PROGRAMS if shutil.which(name) is None]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Ceph:
    def __init__(self):
        self.home = Path(tempfile.mkdtemp(prefix="zcp-ceph-"))
        self.processes = []
        self.port, mon = free_port(), free_port()
        fsid, osd = str(uuid.uuid4()), str(uuid.uuid4())
        for name in ("mon", "osd", "run"):
            (self.home / name).mkdir()
        self.config = self.home / "ceph.conf"
        self.config.write_text(CONFIG.format(home=self.home, fsid=fsid, mon=mon, port=self.port))
        monmap = self.home / "monmap"
        self.run("monmaptool", "--create", "--addv", "a", f"[v2:127.0.0.1:{mon}]", "--fsid", fsid, monmap)
        self.run("ceph-authtool", "--create-keyring", self.home / "keyring", "-g", "-n", "client.rgw")
        self.run("ceph-mon", "-c", self.config, "-i", "a", "--mkfs", "--monmap", monmap)
        self.start("ceph-mon", "-i", "a", "-f")
        self.run("ceph", "-c", self.config, "osd", "new", osd)
        self.run("ceph-osd", "-c", self.config, "-i", "0", "--mkfs", "--osd-uuid", osd)
        self.start("ceph-osd", "-i", "0", "-f")
        self.run("radosgw-admin", "-c", self.config, "-n", "client.rgw", "user", "create", "--uid=test",
                 "--display-name=test", f"--access-key={ACCESS}", f"--secret={SECRET}")
        self.start("radosgw", "-n", "client.rgw", "-f")
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self.wait()

    def run(self, *command):
        done = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=60, check=False)
        if done.returncode != 0:
            self.close()
            raise RuntimeError(f"{command[0]}: {done.stdout.decode(errors='replace')[-800:]}")

    def start(self, program, *arguments):
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.processes.append(subprocess.Popen([program, "-c", str(self.config), *arguments], **quiet))

    def wait(self, seconds=60):
        until = time.monotonic() + seconds
        while True:
            try:
                with urllib.request.urlopen(self.endpoint, timeout=2):
                    return
            except (OSError, urllib.error.URLError):
                if time.monotonic() > until:
                    self.close()
                    raise
                time.sleep(0.1)

    def environment(self):
        return {**os.environ, "AWS_ACCESS_KEY_ID": ACCESS, "AWS_SECRET_ACCESS_KEY": SECRET}

    def close(self):
        for process in reversed(self.processes):
            process.kill()
            process.wait()
        shutil.rmtree(self.home, ignore_errors=True)
