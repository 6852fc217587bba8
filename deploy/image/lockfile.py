"""The lock: every input of a build by SHA-256, and where it can be had. Nothing that is not in it is used.

    snapshot 20261121T000000Z           the day whose archive has all of it, for as long as Debian keeps it
    epoch 1795219200                    SOURCE_DATE_EPOCH
    <sha256> <kind> <archive>/<path>    kind: root, kernel, source, tool, data
"""
import hashlib
import os
import subprocess
import urllib.parse
import urllib.request
from pathlib import Path

CHUNK = 1 << 20


class Lock:
    def __init__(self, path):
        self.snapshot, self.epoch, self.items = "", 0, []
        for line in Path(path).read_text().splitlines():
            words = line.split("#")[0].split()
            if not words:
                continue
            if words[0] == "snapshot":
                self.snapshot = words[1]
            elif words[0] == "epoch":
                self.epoch = int(words[1])
            else:
                digest, kind, place = words
                self.items.append((digest, kind, place))

    def of(self, kind):
        return [item for item in self.items if item[1] == kind]


def default_cache():
    named = os.environ.get("ZCP_CACHE")
    return Path(named) if named else Path.home() / ".cache" / "zerocopy"


def sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def sources(lock, place):
    """The mirror of today, then the archive of the lock's day."""
    archive, _, path = place.partition("/")
    quoted = urllib.parse.quote(path, safe="/")
    yield f"http://deb.debian.org/{archive}/{quoted}"
    yield f"http://snapshot.debian.org/archive/{archive}/{lock.snapshot}/{quoted}"


def cached(item, cache):
    digest, _, place = item
    return cache / "inputs" / f"{digest[:16]}-{place.rsplit('/', 1)[1]}"


def fetch(lock, item, cache):
    """The file of one line, from the cache or the net; its digest is what makes it the right one."""
    digest, _, place = item
    path = cached(item, cache)
    if path.exists() and sha256(path) == digest:
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}")
    why = []
    for url in sources(lock, place):
        try:
            with urllib.request.urlopen(url, timeout=60) as answer, open(partial, "wb") as file:
                while chunk := answer.read(CHUNK):
                    file.write(chunk)
        except OSError as error:
            why.append(f"{url}: {error}")
            continue
        if sha256(partial) == digest:
            partial.rename(path)
            return path
        why.append(f"{url}: another file than the lock names")
    partial.unlink(missing_ok=True)
    raise SystemExit("an input of the lock can't be had:\n    " + "\n    ".join(why))


def unpack(packages, folder):
    """Debian packages into a folder, without running anything of theirs. /bin and the like lead into /usr, as in Debian 12."""
    for name in ("bin", "sbin", "lib", "lib64"):
        (folder / "usr" / name).mkdir(parents=True, exist_ok=True)
        link = folder / name
        if not link.is_symlink():
            link.symlink_to(f"usr/{name}")
    for package in packages:
        content = subprocess.Popen(["dpkg-deb", "--fsys-tarfile", str(package)], stdout=subprocess.PIPE)
        subprocess.run(["tar", "-x", "-C", str(folder), "--keep-directory-symlink", "--no-same-owner", "-f", "-"],
                       stdin=content.stdout, check=True)
        if content.wait() != 0:
            raise SystemExit(f"cannot unpack {package}")
