"""A Redis of the tests' own: no files, reachable by a Unix socket in a temporary folder; never touches
a system server."""
import os
import shutil
import signal
import socket
import subprocess
import tempfile

from tests.support import process

PROGRAM = "redis-server"
# Settings of a server. Whoever finds Redis too slow goes on without it: with these only one that is
# away is.
PATIENT = {"redis__latency_budget": "5s"}


def available():
    return shutil.which(PROGRAM) is not None


class PrivateRedis:
    """Use as a context manager."""

    def __init__(self, *settings):
        """`settings`: further words of its command line."""
        self._settings = settings
        self.folder = tempfile.mkdtemp(prefix="clientele-redis-")
        self._path = f"{self.folder}/redis.sock"
        self._server = None

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *unused):
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def address(self):
        """As the key redis.addresses takes it."""
        return f"unix:{self._path}"

    def start(self):
        """Returns when it answers."""
        with open(f"{self.folder}/log", "ab") as log:
            self._server = subprocess.Popen(
                [PROGRAM, "--port", "0", "--unixsocket", self._path, "--save", "", "--appendonly",
                 "no", "--dir", self.folder, *self._settings], stdout=log, stderr=log,
                preexec_fn=process.die_with_parent)
        process.wait_until(self._is_ready, f"Redis starts; {self.folder}/log says why not")

    def _is_ready(self):
        try:
            return self.command("PING") == "+PONG"
        except OSError:
            return False

    def command(self, *words):
        """Runs a command whose answer is one line, and returns that."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(process.STEP_SECONDS_MAX)
            connection.connect(self._path)
            connection.sendall(" ".join(words).encode() + b"\r\n")
            with connection.makefile("rb") as answer:
                return answer.readline().decode().rstrip("\r\n")

    def kill(self):
        """kill -9; what it held is gone."""
        if self._server is not None:
            self._server.kill()
            self._server.wait()
            self._server = None
            if os.path.exists(self._path):
                os.remove(self._path)

    def pause(self):
        """Connections stay open, nothing is answered, until resume."""
        self._server.send_signal(signal.SIGSTOP)

    def resume(self):
        self._server.send_signal(signal.SIGCONT)

    def flush(self):
        assert self.command("FLUSHALL") == "+OK"
