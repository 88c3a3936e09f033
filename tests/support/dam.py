"""A proxy that holds answers back, so that its caller stays in the middle of a stream."""
import contextlib
import socket
import sys
import threading

CHUNK_BYTES = 1 << 16
EVERYTHING = sys.maxsize


class Dam:
    """Between callers and the server at `address`. A connection gets `bytes_max` bytes of its answers,
    as that is when it is made, and then nothing more. Use as a context manager."""

    def __init__(self, address, bytes_max):
        self.bytes_max = bytes_max
        host, port = address.rsplit(":", 1)
        self._server = (host, int(port))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self):
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *unused):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self):
        with contextlib.suppress(OSError):  # closed
            while True:
                caller, _ = self._listener.accept()
                server = socket.create_connection(self._server)
                for args in ((caller, server, EVERYTHING), (server, caller, self.bytes_max)):
                    threading.Thread(target=self._pass_on, args=args, daemon=True).start()

    @staticmethod
    def _pass_on(source, target, bytes_max):
        left = bytes_max
        with contextlib.suppress(OSError):
            while left > 0 and (chunk := source.recv(CHUNK_BYTES)):
                target.sendall(chunk[:left])
                left -= len(chunk)
        if left > 0:  # one of them is gone, so the other one goes
            for connection in (source, target):
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
