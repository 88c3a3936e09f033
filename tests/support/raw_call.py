"""Sends bytes that no client library would send to a method of a server: HTTP/2 by hand."""
import socket
import struct

from tests.support import process

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST_STREAM, SETTINGS, CONTINUATION = 0, 1, 3, 4, 9
END_STREAM, END_HEADERS = 1, 4


def text_field(number, value):
    """A string or bytes field of a protobuf message; its value need not be UTF-8."""
    assert number < 16 and len(value) < 128
    return bytes([number << 3 | 2, len(value)]) + value


def _frame(kind, flags, stream, payload):
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def _length(count):
    """A length of HPACK: seven bits, then as many groups of seven as are needed."""
    if count < 127:
        return bytes([count])
    octets, rest = [127], count - 127
    while rest >= 128:
        octets.append(rest % 128 + 128)
        rest //= 128
    return bytes([*octets, rest])


def _header(name, value):
    """A literal that is not compressed."""
    return b"".join([b"\0", _length(len(name)), name, _length(len(value)), value])


def _read(connection, count):
    found = b""
    while len(found) < count:
        more = connection.recv(count - len(found))
        if not more:
            raise AssertionError("the server hung up before it answered")
        found += more
    return found


def trailers(address, method, message, metadata=(), timeout=b"20S"):
    """Calls `method` ("package.Service/Method") with the bytes of `message` and pairs of metadata,
    within a timeout in gRPC's words; returns the header blocks of the answer as they came. gRPC does
    not compress the text in them."""
    host, port = address.rsplit(":", 1)
    headers = b"".join(_header(*pair) for pair in (
        (b":method", b"POST"), (b":scheme", b"http"), (b":path", b"/" + method.encode()),
        (b":authority", address.encode()), (b"content-type", b"application/grpc"),
        (b"te", b"trailers"), (b"grpc-timeout", timeout), *metadata))
    with socket.create_connection((host, int(port)), process.STEP_SECONDS_MAX) as connection:
        connection.sendall(PREFACE + _frame(SETTINGS, 0, 0, b"")
                           + _frame(HEADERS, END_HEADERS, 1, headers)
                           + _frame(DATA, END_STREAM, 1, struct.pack(">BI", 0, len(message))
                                    + message))
        blocks = b""
        while True:
            head = _read(connection, 9)
            payload = _read(connection, int.from_bytes(head[:3], "big"))
            kind, flags = head[3], head[4]
            if kind in (HEADERS, CONTINUATION):
                blocks += payload
            if kind == RST_STREAM or (kind in (DATA, HEADERS) and flags & END_STREAM):
                return blocks
