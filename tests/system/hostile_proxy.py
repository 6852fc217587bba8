"""Somebody between client and enclave: a proxy of Unix sockets that sees frames and may do with them what it likes."""
import os
import shutil
import socket
import threading
from pathlib import Path

TO_CORE, TO_CLIENT = 0, 1


def frame_end(data):
    """The length of the first whole frame, TLS record or record of ours; 0 when more bytes are wanted."""
    if len(data) < 5:
        return 0
    if 0x14 <= data[0] <= 0x17 and data[1] == 3:
        end = 5 + int.from_bytes(data[3:5], "big")
    else:
        end = 4 + int.from_bytes(data[:4], "big")
    return end if len(data) >= end else 0


def is_ours(frame):
    return not 0x14 <= frame[0] <= 0x17


class Connection:
    """One client's connection and the one to the enclave that it is joined to."""

    def __init__(self, client, upstream, tamper):
        self.sockets = (client, upstream)
        self.tamper = tamper
        self.frames = ([], [])  # as they arrived, by direction
        self.closed = threading.Event()
        for direction in (TO_CORE, TO_CLIENT):
            threading.Thread(target=self.pump, args=(direction,), daemon=True).start()

    def pump(self, direction):
        source, sink = self.sockets[direction], self.sockets[1 - direction]
        data = b""
        try:
            while True:
                more = source.recv(65536)
                if not more:
                    break
                data += more
                while end := frame_end(data):
                    frame, data = data[:end], data[end:]
                    self.frames[direction].append(frame)
                    number = len(self.frames[direction]) - 1
                    for out in self.tamper(self, direction, number, frame) if self.tamper else [frame]:
                        if out is None:
                            return self.close()
                        sink.sendall(out)
        except OSError:
            pass
        return self.close()

    def send(self, direction, data):
        self.sockets[1 - direction].sendall(data)

    def close(self):
        self.closed.set()
        for end in self.sockets:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


class Proxy:
    """Listens at `path`. `tamper(connection, direction, number, frame)` gives what is sent instead; None in it closes."""

    def __init__(self, path, upstream, tamper=None):
        self.path, self.upstream, self.tamper = str(path), str(upstream), tamper
        self.connections = []
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(self.path)
        self.listener.listen(64)
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            upstream = socket.socket(socket.AF_UNIX)
            try:
                upstream.connect(self.upstream)
            except OSError:
                client.close()
                continue
            self.connections.append(Connection(client, upstream, self.tamper))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.listener.close()
        for connection in self.connections:
            connection.close()
            for end in connection.sockets:
                end.close()
        os.unlink(self.path)


def copy_of(folder, place):
    """A client's own copy of what it pins, with room for a socket of our choice at run/enclave.sock."""
    place = Path(place)
    (place / "run").mkdir(parents=True)
    (place / "platform").mkdir()
    shutil.copy(folder / "deployment.json", place)
    shutil.copy(folder / "platform" / "root.pem", place / "platform")
    shutil.copytree(folder / "credentials", place / "credentials")
    return place
