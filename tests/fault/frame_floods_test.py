"""Floods of HTTP/2 frames that cost Debian's gRPC 1.51 more than they cost those who send them
(quality.md R10, docs/security.md).

A burst is survived: others are served, on time, in bounded memory. A flood that does not end drives
the memory to the container's limit, and the server dies there: it is ready again at once, and has
lost nothing that it acknowledged. These cases are listed in docs/security.md by these names.
"""
import concurrent.futures
import contextlib
import itertools
import os
import resource
import threading
import time

from tests.support import hostile, http2, process, suite

READY_SECONDS_MAX = 2
CONNECTIONS = 4
# All connections together, of a burst.
STREAMS = 10_000
CONTINUATION_BYTES = 64 << 20
STREAMS_A_SEND = 250
# What a header has at first that grows byte by byte, and how often it grows: a string is copied
# each time, an integer is also added up.
STRING_BYTES = 1 << 20
INTEGER_BYTES = 1 << 16
BYTE_FRAMES = 4000
# Acknowledged before it goes wrong.
WRITES_MIN = 5
# Of what a burst has, on each connection: ten gigabytes, if nothing were done meanwhile.
FLOOD_FACTOR = 10
FLOODS_MAX = 10  # each on a connection of its own: beyond that, the server has survived
# The `resources.limits.memory` that the charts set.
CONTAINER_KIB_MAX = 1 << 20
# Of the files that a server may open, beyond those it has.
FILES_LEFT = 40
CUSTOMER_SERVICE = "clientele.profile.v1.CustomerService/"
CALL = http2.call_headers(hostile.GET)
SECURITY = (suite.ROOT / "docs/security.md").read_text(encoding="utf-8")


def open_streams(connection, streams, ending=lambda _: b""):
    """Begins calls, each followed by what `ending` makes of its number; returns how many
    could be sent."""
    for first in range(1, 2 * streams, 2 * STREAMS_A_SEND):
        if not connection.send(b"".join(
                http2.frame(http2.HEADERS, http2.END_HEADERS, number, CALL) + ending(number)
                for number in range(first, first + 2 * STREAMS_A_SEND, 2))):
            return first // 2
        connection.drain()
    return streams


def reset_streams(connection, streams):
    """Begins calls and resets each at once; returns how many could be sent."""
    code = http2.CANCEL.to_bytes(4, "big")
    return open_streams(connection, streams,
                        lambda number: http2.frame(http2.RST_STREAM, 0, number, code))


def continue_headers(connection, size):
    """A header block that does not end: each of its frames is below the limit, as gRPC 1.51 counts
    them one by one. Returns how many bytes could be sent."""
    connection.acknowledge()
    connection.send(http2.frame(http2.HEADERS, 0, 1, CALL))
    frames = http2.frame(http2.CONTINUATION, 0, 1, http2.literal(b"x-more", b"v" * 1000) * 7) * 16
    for sent in range(0, size, len(frames)):
        if not connection.send(frames):
            return sent
        connection.drain()
    return size


def grow_by_the_byte(connection, begin, more, size):
    """A header that does not end, of which each further frame has one byte: gRPC 1.51 copies what
    it has at each. Returns how many of them could be sent."""
    connection.send(http2.frame(http2.HEADERS, 0, 1, CALL + begin))
    for _ in range(size // http2.FRAME_BYTES_MAX):
        connection.send(http2.frame(http2.CONTINUATION, 0, 1, more * http2.FRAME_BYTES_MAX))
    frames = http2.frame(http2.CONTINUATION, 0, 1, more) * 100
    for sent in range(0, BYTE_FRAMES, 100):
        if not connection.send(frames):
            return sent
    return BYTE_FRAMES


class Writer(threading.Thread):
    """Creates customer after customer. A context manager: some are there when it is entered."""

    def __init__(self, server, prefix):
        super().__init__(daemon=True)
        self._server = server
        self._prefix = prefix
        self._stopping = threading.Event()
        self.acknowledged = []

    def run(self):
        for number in itertools.count():
            if self._stopping.is_set():
                return
            customer_id = f"{self._prefix}-{number}"
            # It may be refused, or not answered: then nothing was promised.
            with contextlib.suppress(suite.CommandFailed):
                self._server.call(CUSTOMER_SERVICE + "CreateCustomer", {
                    "customer": {"customer_id": customer_id, "attributes": {"given_name": "Ada"}},
                    "origin": {"channel": "COLLECTION_CHANNEL_SURVEY"}})
                self.acknowledged.append(customer_id)

    def __enter__(self):
        self.start()
        process.wait_until(lambda: len(self.acknowledged) >= WRITES_MIN, "writes are acknowledged")
        return self

    def __exit__(self, *unused):
        self._stopping.set()
        self.join()


class FrameFloods(hostile.UnderAttack):

    def check_burst(self, flood, amount):
        """Of one connection, then of several that share the amount."""
        for connections in (1, CONNECTIONS):
            share = amount // connections

            def hurt():
                with http2.Connection(self.server.address) as connection:
                    sent = flood(connection, share)
                    connection.settle()
                    return sent

            with self.subTest(connections=connections):
                self.assertEqual(self.check_attack(hurt, connections), [share] * connections)

    def check_flood_without_end(self, flood, amount, case):
        """Until the server is at the limit, where the kernel would kill it as is done here."""
        over = threading.Event()

        def hurt():
            """Answers how many floods were begun; ends with one that could not be sent."""
            for number in range(FLOODS_MAX):
                if over.is_set():
                    return number
                try:
                    with http2.Connection(self.server.address) as connection:
                        flood(connection, FLOOD_FACTOR * amount)
                except OSError:
                    return number + 1
            return FLOODS_MAX

        with Writer(self.server, case.replace(" ", "-")) as writer, \
                concurrent.futures.ThreadPoolExecutor(CONNECTIONS) as pool:
            attackers = [pool.submit(hurt) for _ in range(CONNECTIONS)]
            try:
                process.wait_until(
                    lambda: self.is_at_limit() or all(attacker.done() for attacker in attackers),
                    "the flood has an end")
                is_killed = not all(attacker.done() for attacker in attackers)
                if is_killed:
                    self.server.kill()
            finally:
                over.set()
            begun = sum(attacker.result() for attacker in attackers)
        self.assertGreater(begun, 0)
        print(f"killed: {is_killed}, {len(writer.acknowledged)} writes acknowledged", flush=True)
        if is_killed:
            self.check_listed(case)
            self.check_restart()
        else:
            process.wait_until(lambda: self.all_are_served(1), "others are served again")
        self.check_stored(writer.acknowledged)

    def is_at_limit(self):
        """Whether it is about to be killed; it does not end by itself."""
        self.assertIsNone(self.server.server.process.poll())
        return hostile.resident_kib(self.server, "VmRSS") > CONTAINER_KIB_MAX

    def check_listed(self, case):
        self.assertTrue(case in SECURITY, f"docs/security.md does not list: {case}")

    def check_restart(self):
        since = time.monotonic()
        self.start()
        self.assertEqual(self.server.get("/readyz")[0], 200)
        took = time.monotonic() - since
        print(f"ready after {took:.2f} s", flush=True)
        self.assertLess(took, READY_SECONDS_MAX)
        self.assertTrue(self.all_are_served(1))

    def check_stored(self, customer_ids):
        for customer_id in customer_ids:
            found = self.server.call(
                CUSTOMER_SERVICE + "GetCustomer",
                {"customer_id": customer_id, "consistency": "CONSISTENCY_STRONG"})
            self.assertEqual(found["customer_id"], customer_id)

    def test_streams_that_are_reset_at_once(self):
        """Rapid reset, CVE-2023-44487."""
        self.check_burst(reset_streams, STREAMS)

    def test_streams_that_are_reset_at_once_until_memory_ends(self):
        self.check_flood_without_end(reset_streams, STREAMS, "streams that are reset at once")

    def test_streams_of_a_client_that_acknowledges_no_limit(self):
        self.check_burst(open_streams, STREAMS)

    def test_streams_of_a_client_that_acknowledges_no_limit_until_memory_ends(self):
        self.check_flood_without_end(open_streams, STREAMS,
                                     "streams of a client that acknowledges no limit")

    def test_continuations_without_end(self):
        """CVE-2023-33953: the limit of headers is that of each frame."""
        self.check_burst(continue_headers, CONTINUATION_BYTES)

    def test_continuations_without_end_until_memory_ends(self):
        self.check_flood_without_end(continue_headers, CONTINUATION_BYTES,
                                     "continuations without end")

    def test_headers_that_grow_by_the_byte(self):
        """CVE-2023-33953: what has not ended is read again from its beginning."""
        self.check_listed("headers that grow by the byte")
        for begin, more, size in (
                (b"\x00\x01x" + http2.integer(1 << 30, 7), b"v", STRING_BYTES),
                (b"\xff", b"\x80", INTEGER_BYTES)):
            def hurt():
                with http2.Connection(self.server.address) as connection:
                    sent = grow_by_the_byte(connection, begin, more, size)
                    connection.settle()
                    return sent

            with self.subTest(more=more):
                self.check_attack(hurt, CONNECTIONS)

    def test_more_connections_than_files(self):
        """CVE-2023-4785: gRPC 1.51 would give up accepting for good, and tell nobody."""
        with Writer(self.server, "files") as writer, contextlib.ExitStack() as connections:
            open_files = len(os.listdir(f"/proc/{self.pid}/fd"))
            resource.prlimit(self.pid, resource.RLIMIT_NOFILE, (open_files + FILES_LEFT,) * 2)
            with contextlib.suppress(OSError):
                for _ in range(2 * FILES_LEFT):
                    connections.enter_context(http2.Connection(self.server.address))
            self.assertEqual(self.server.server.wait(), 1)
            self.check_listed("as many connections at once as the process may have files")
            self.assertIn('"event":"listener_lost"', self.server.server.log_text())
            self.check_restart()
        self.check_stored(writer.acknowledged)


if __name__ == "__main__":
    suite.main()
