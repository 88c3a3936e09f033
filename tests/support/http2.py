"""HTTP/2 frames as a hostile client may send them: nothing here is checked."""
import contextlib
import socket
import struct

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST_STREAM, SETTINGS, PING, WINDOW_UPDATE, CONTINUATION = 0, 1, 3, 4, 6, 8, 9
END_STREAM, ACK, END_HEADERS = 1, 1, 4
CANCEL = 8
TIMEOUT_SECONDS = 10
FRAME_BYTES_MAX = 1 << 14
NEWEST_INDEX = 62  # of the table that literals are added to
EMPTY_MESSAGE = bytes(5)
LAST_PING = b"lastping"


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def integer(value, prefix_bits, first=0):
    """An HPACK integer behind the bits of `first`."""
    limit = (1 << prefix_bits) - 1
    if value < limit:
        return bytes([first | value])
    out = [first | limit]
    value -= limit
    while value >= 128:
        out.append(value % 128 + 128)
        value //= 128
    return bytes([*out, value])


def literal(name, value, indexed=False):
    """A header without Huffman code, added to the peer's table if `indexed`."""
    return ((b"\x40" if indexed else b"\x00") + integer(len(name), 7) + name
            + integer(len(value), 7) + value)


def call_headers(path, *others):
    """The header block of a gRPC call; `others` are (name, value)."""
    return b"".join(literal(name, value) for name, value in (
        (b":method", b"POST"), (b":scheme", b"http"), (b":path", path.encode()),
        (b":authority", b"x"), (b"te", b"trailers"), (b"content-type", b"application/grpc"),
        *others))


class Connection:
    """A connection that says what it is told. Use as a context manager."""

    def __init__(self, address, greets=True):
        host, port = address.rsplit(":", 1)
        self._socket = socket.create_connection((host, int(port)), timeout=TIMEOUT_SECONDS)
        if greets:
            self.send(PREFACE + frame(SETTINGS, 0, 0))

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.close()

    def close(self):
        self._socket.close()

    def send(self, data):
        """Returns whether all of it could be sent: a server may hang up, or stop reading."""
        try:
            self._socket.sendall(data)
            return True
        except OSError:
            return False

    def hear(self):
        """Returns when the server has said something, or has hung up."""
        with contextlib.suppress(OSError):
            self._socket.recv(1 << 16)

    def acknowledge(self):
        """Accepts the server's settings: before that, gRPC does not hold a client to them."""
        self.hear()
        self.send(frame(SETTINGS, ACK, 0))

    def settle(self):
        """Returns once the server has read all that was sent: it answers a ping, or hangs up."""
        self.send(frame(PING, 0, 0, LAST_PING))
        heard = b""
        with contextlib.suppress(ConnectionError):
            while LAST_PING not in heard:
                chunk = self._socket.recv(1 << 16)
                if not chunk:
                    return
                heard = heard[-len(LAST_PING):] + chunk

    def drain(self):
        """Reads what has come; returns it, and whether the connection is still open."""
        self._socket.setblocking(False)
        try:
            data = b""
            with contextlib.suppress(BlockingIOError):
                while chunk := self._socket.recv(1 << 16):
                    data += chunk
                return data, False
            return data, True
        except OSError:
            return b"", False
        finally:
            self._socket.settimeout(TIMEOUT_SECONDS)
