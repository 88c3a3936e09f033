"""A server of the suite as a child process, and the addresses it says it is ready at."""
import ctypes
import pathlib
import select
import signal
import subprocess
import time
import urllib.error
import urllib.request

# Only a broken server takes that long, also on a machine with other things to do.
STEP_SECONDS_MAX = 60
POLL_SECONDS = 0.02
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)


def die_with_parent():
    """In the child: no server outlives a test that is killed, by ctest's timeout for one."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def wait_until(condition, what):
    """Polls until `condition` answers something true, and returns it."""
    deadline = time.monotonic() + STEP_SECONDS_MAX
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(POLL_SECONDS)
    raise AssertionError(f"not within {STEP_SECONDS_MAX} s: {what}")


def get(address, path):
    """GETs a page of an ops port; returns its HTTP status and text."""
    try:
        with urllib.request.urlopen(f"http://{address}{path}", timeout=STEP_SECONDS_MAX) as page:
            return page.status, page.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


class ServerProcess:
    """Runs `command`, which prints "ready name=host:port …"; its log goes to `log_path`."""

    def __init__(self, command, log_path):
        self._command = command
        self._log_path = pathlib.Path(log_path)
        self.process = None
        self.ready_line = ""

    def spawn(self):
        with open(self._log_path, "ab") as log:
            self.process = subprocess.Popen(self._command, stdout=subprocess.PIPE, stderr=log,
                                            text=True, preexec_fn=die_with_parent)

    def wait_ready(self):
        """Returns the addresses by name."""
        readable, _, _ = select.select([self.process.stdout], [], [], STEP_SECONDS_MAX)
        self.ready_line = self.process.stdout.readline() if readable else ""
        if not self.ready_line.startswith("ready "):
            self.kill()
            raise AssertionError(f"{self._command} did not get ready: {self.ready_line!r}\n"
                                 + self.log_text())
        return dict(word.split("=", 1) for word in self.ready_line.split()[1:])

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)

    def wait(self):
        """The exit code of a server that was asked to end."""
        try:
            return self.process.wait(timeout=STEP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"{self._command} does not end\n" + self.log_text()) from None
        finally:
            self.kill()

    def kill(self):
        """kill -9; nothing happens when it has ended."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process.stdout.close()
            self.process = None

    def log_text(self):
        return self._log_path.read_text(errors="replace")[-4000:]
