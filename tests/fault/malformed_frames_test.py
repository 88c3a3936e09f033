"""Clients that speak HTTP/2 and gRPC as no client should (quality.md R10): the server survives them
in bounded memory, and others do not notice. What costs it more than it costs those who send it is in
frame_floods_test.
"""
import os
import re
import resource
import time

from tests.support import hostile, http2, process, suite

SCALE = 10 if os.environ.get("CLIENTELE_LONG") == "1" else 1
ATTACK_SECONDS = SCALE
CONNECTIONS = 4
CALLS_PER_CONNECTION_MAX = 1000  # kCallsPerConnectionMax
IDLE_CONNECTIONS = 2000
GET = hostile.GET
# Which nobody else here calls.
BATCH_GET = "/clientele.profile.v1.CustomerService/BatchGetCustomers"


class MalformedFrames(hostile.UnderAttack):

    def attack(self, hurt):
        """Runs `hurt(connection, turn)` again and again, on several connections at a time and turn
        by turn on each until it answers False."""
        end = time.monotonic() + ATTACK_SECONDS

        def run():
            count = 0
            while time.monotonic() < end:
                with http2.Connection(self.server.address) as connection:
                    turn = 0
                    while time.monotonic() < end and hurt(connection, turn):
                        connection.drain()
                        turn += 1
                    count += turn + 1
                    if time.monotonic() < end:
                        # How fast somebody can connect is not the question.
                        connection.hear()
            return count

        self.check_attack(run, CONNECTIONS, ATTACK_SECONDS)

    def test_headers_beyond_the_limit(self):
        block = http2.call_headers(GET, *((b"x-%d" % i, b"v" * 4000) for i in range(3)))

        def too_large(connection, _):
            connection.send(http2.frame(http2.HEADERS, http2.END_HEADERS | http2.END_STREAM, 1,
                                        block))
            return False

        self.attack(too_large)

    def test_a_connection_whose_headers_were_too_large_is_not_used_again(self):
        """CVE-2023-32731: what a block beyond the limit adds to the table is not read. Calls behind
        it that refer to the table would be taken for others."""
        name = b"x-request-id"
        first = http2.literal(name, b"before-the-large-block", indexed=True)
        too_large = (http2.literal(b"x-large", b"v" * 9000)
                     + http2.literal(name, b"behind-the-large-block", indexed=True))
        refers = http2.integer(http2.NEWEST_INDEX, 7, 0x80)

        def call(stream, block):
            return (http2.frame(http2.HEADERS, http2.END_HEADERS, stream,
                                http2.call_headers(BATCH_GET) + block)
                    + http2.frame(http2.DATA, http2.END_STREAM, stream, http2.EMPTY_MESSAGE))

        with http2.Connection(self.server.address) as connection:
            connection.acknowledge()
            connection.send(call(1, first))
            process.wait_until(lambda: self.calls_of(BATCH_GET) == 1, "the first call is handled")
            connection.send(call(3, too_large) + call(5, refers))
            process.wait_until(lambda: not connection.drain()[1], "the server hangs up")
        self.assertTrue(self.all_are_served(1))
        self.assertEqual(self.calls_of(BATCH_GET), 1)

    def calls_of(self, path):
        """How many calls of a method have ended."""
        method = path.rsplit("/", 1)[-1]
        return sum(int(count) for count in re.findall(
            rf'^grpc_server_handled_total\{{[^}}]*grpc_method="{method}"[^}}]*\}} (\d+)$',
            self.server.get("/metrics")[1], re.MULTILINE))

    def test_no_more_streams_than_the_limit_of_those_who_acknowledge_it(self):
        def begin(connection, _):
            connection.acknowledge()
            connection.send(b"".join(
                http2.frame(http2.HEADERS, http2.END_HEADERS, number, http2.call_headers(GET))
                for number in range(1, 2 * CALLS_PER_CONNECTION_MAX + 3, 2)))
            process.wait_until(lambda: not connection.drain()[1], "the server hangs up")
            return False

        self.attack(begin)

    def test_empty_continuations_without_end(self):
        def flood(connection, turn):
            if turn == 0:
                connection.send(http2.frame(http2.HEADERS, 0, 1, http2.call_headers(GET)))
            return connection.send(http2.frame(http2.CONTINUATION, 0, 1) * 1000)

        self.attack(flood)

    def test_a_header_string_longer_than_any(self):
        """CVE-2023-33953: the parser keeps what belongs to a string that has not ended."""
        begin = http2.call_headers(GET) + b"\x00" + http2.integer(1, 7) + b"x" + http2.integer(
            1 << 30, 7)

        def endless(connection, _):
            connection.send(http2.frame(http2.HEADERS, 0, 1, begin))
            for _ in range(64):
                if not connection.send(http2.frame(http2.CONTINUATION, 0, 1,
                                                   b"v" * http2.FRAME_BYTES_MAX)):
                    return False
            return False

        self.attack(endless)

    def test_an_integer_of_headers_that_never_ends(self):
        def endless(connection, _):
            connection.send(http2.frame(http2.HEADERS, 0, 1, b"\x7f" + b"\x80" * 10000))
            return False

        self.attack(endless)

    def test_a_header_table_that_is_filled_and_referred_to(self):
        """CVE-2023-32731 and the header bomb: a few bytes that stand for many."""
        fill = http2.literal(b"x-bomb", b"v" * 3900, indexed=True)
        bomb = http2.call_headers(GET) + fill + http2.integer(http2.NEWEST_INDEX, 7, 0x80) * 10000

        def refer(connection, turn):
            connection.send(http2.frame(http2.HEADERS, http2.END_HEADERS, 1 + 4 * turn,
                                        bomb[:http2.FRAME_BYTES_MAX]))
            return connection.send(http2.frame(
                http2.HEADERS, http2.END_HEADERS | http2.END_STREAM, 3 + 4 * turn,
                http2.call_headers(GET) + http2.integer(http2.NEWEST_INDEX, 7, 0x80)))

        self.attack(refer)

    def test_table_sizes_and_indexes_that_are_not_allowed(self):
        blocks = (http2.integer(1 << 20, 5, 0x20), http2.integer(1 << 30, 7, 0x80),
                  http2.integer(0, 7, 0x80), http2.integer(4096, 5, 0x20) * 1000)

        def illegal(connection, _):
            for number, block in enumerate(blocks):
                connection.send(http2.frame(http2.HEADERS, http2.END_HEADERS, 1 + 2 * number,
                                            block))
            return False

        self.attack(illegal)

    def test_binary_headers_that_are_no_base64(self):
        """CVE-2023-32732."""
        block = http2.call_headers(GET, (b"x-trace-bin", b"!!!not base64!!!"))

        def send(connection, turn):
            return connection.send(http2.frame(
                http2.HEADERS, http2.END_HEADERS | http2.END_STREAM, 1 + 2 * turn, block))

        self.attack(send)

    def test_pings_and_settings_without_end(self):
        flood = http2.frame(http2.PING, 0, 0, b"12345678") * 500
        settings = http2.frame(http2.SETTINGS, 0, 0, b"\x00\x03\x00\x00\x00\x64") * 500
        self.attack(lambda connection, _: connection.send(flood + settings))

    def test_empty_data_without_end(self):
        begin = http2.frame(http2.HEADERS, http2.END_HEADERS, 1, http2.call_headers(GET))

        def flood(connection, turn):
            if turn == 0:
                connection.send(begin)
            return connection.send(http2.frame(http2.DATA, 0, 1) * 1000)

        self.attack(flood)

    def test_windows_that_are_torn_open_or_never_opened(self):
        widen = http2.frame(http2.WINDOW_UPDATE, 0, 0, (0x7fffffff).to_bytes(4, "big"))
        closed = http2.frame(http2.SETTINGS, 0, 0, b"\x00\x04\x00\x00\x00\x00")
        call = http2.frame(http2.HEADERS, http2.END_HEADERS | http2.END_STREAM, 1,
                           http2.call_headers(GET))

        def play(connection, _):
            connection.send(closed + call + widen * 3)
            return False

        self.attack(play)

    def test_messages_whose_length_is_wrong(self):
        prefixes = (b"\x00\xff\xff\xff\xff", b"\x01\x00\x00\x00\x10garbage", b"\x07\x00\x00\x00\x00",
                    b"\x00\x00\x00\x00\x7fshort", b"\x00")

        def send(connection, _):
            for number, prefix in enumerate(prefixes):
                stream = 1 + 2 * number
                connection.send(
                    http2.frame(http2.HEADERS, http2.END_HEADERS, stream, http2.call_headers(GET))
                    + http2.frame(http2.DATA, http2.END_STREAM, stream, prefix))
            return False

        self.attack(send)

    def test_bytes_that_are_no_http2(self):
        garbage = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" + bytes(range(256)) * 16

        def send(connection, _):
            with http2.Connection(self.server.address, greets=False) as plain:
                plain.send(garbage)
            connection.send(bytes(range(256)) * 64)
            return False

        self.attack(send)

    def test_thousands_who_never_finish_what_they_begin(self):
        """Slow-loris: nothing said, half a preface, half a header block; the first two are hung up
        on within the time for the handshake. They are more than the files that the server was
        given at first."""
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        idle = []
        for number in range(IDLE_CONNECTIONS):
            connection = http2.Connection(self.server.address, greets=number % 4 == 3)
            self.addCleanup(connection.close)
            connection.send((b"", b"PRI * HT", http2.PREFACE,
                             http2.frame(http2.HEADERS, 0, 1, b"\x00"))[number % 4])
            idle.append(connection)
        self.assertTrue(self.all_are_served(1))
        self.check_alive()
        process.wait_until(lambda: not any(connection.drain()[1] for number, connection
                                           in enumerate(idle) if number % 4 != 3),
                           "who does not greet is hung up on")
        self.assertTrue(self.all_are_served(1))
        self.check_alive()
        self.check_growth()


if __name__ == "__main__":
    suite.main()
