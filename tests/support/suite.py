"""Starts the real `clientele up` and drives it as a user would, by the command line.

The tests find the program in $CLIENTELE_BIN (set by CMake) and real data in $CLIENTELE_TEST_DATA, else
in ../shared/data beside the checkout. Only the Python standard library is used.
"""
import json
import os
import pathlib
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

SKIPPED = 77  # ctest's SKIP_RETURN_CODE
READY_SECONDS_MAX = 60
ROOT = pathlib.Path(__file__).resolve().parents[2]


def binary():
    return os.environ.get("CLIENTELE_BIN", str(ROOT / "build/release/bin/clientele"))


def data_file(name):
    """The path of a real data file; skips the test when it is absent."""
    for folder in (os.environ.get("CLIENTELE_TEST_DATA"), ROOT / "../shared/data"):
        if folder and (pathlib.Path(folder) / name).exists():
            return str(pathlib.Path(folder) / name)
    raise unittest.SkipTest(f"no {name} in $CLIENTELE_TEST_DATA or ../shared/data")


class CommandFailed(AssertionError):
    """A command ended with another exit code than expected."""


class Suite:
    """A `clientele up` on a data folder of its own. Use as a context manager."""

    def __init__(self, data_dir=None, args=()):
        self._own_dir = data_dir is None
        self.data_dir = data_dir or tempfile.mkdtemp(prefix="clientele-test-")
        self._args = list(args)
        self.process = None
        self.ready_line = ""

    def __enter__(self):
        return self.start()

    def __exit__(self, *unused):
        self.stop()
        if self._own_dir:
            shutil.rmtree(self.data_dir, ignore_errors=True)

    def start(self):
        """Starts the servers and returns when they are ready."""
        self.log = open(os.path.join(self.data_dir, "up.log"), "ab")
        self.process = subprocess.Popen(
            [binary(), "up", "--data-dir", self.data_dir, "--ports", "0", *self._args],
            stdout=subprocess.PIPE, stderr=self.log, text=True)
        ready, _, _ = select.select([self.process.stdout], [], [], READY_SECONDS_MAX)
        self.ready_line = self.process.stdout.readline() if ready else ""
        if not self.ready_line.startswith("ready "):
            self.kill()
            raise AssertionError(f"clientele up did not get ready: {self.ready_line!r}\n"
                                 + self.log_text())
        return self

    def stop(self):
        """Asks the servers to drain; returns their exit code."""
        if self.process is None:
            return None
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=60)
        self._forget()
        return code

    def kill(self):
        """kill -9."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self._forget()

    def _forget(self):
        self.process.stdout.close()
        self.log.close()
        self.process = None

    def log_text(self):
        return pathlib.Path(self.data_dir, "up.log").read_text(errors="replace")[-4000:]

    def ops_address(self):
        return json.loads(pathlib.Path(self.data_dir, "endpoints.json").read_text())["ops"]

    def peak_resident_mb(self):
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
        raise AssertionError("no VmHWM")

    def run(self, *args, expect=0, stdin=None, timeout=600):
        """Runs `clientele ARGS --data-dir …`; returns the completed process."""
        done = subprocess.run([binary(), *args, "--data-dir", self.data_dir], text=True,
                              capture_output=True, input=stdin, timeout=timeout)
        if expect is not None and done.returncode != expect:
            raise CommandFailed(f"{args}: exit code {done.returncode}, expected {expect}\n"
                                f"{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
        return done

    def json(self, *args, expect=0, timeout=600):
        """Runs a command with --json and returns what it printed."""
        return json.loads(self.run(*args, "--json", expect=expect, timeout=timeout).stdout)

    def call(self, method, request=None, expect=0, service=None):
        """Calls an RPC; returns the response, or the error when expect is 1."""
        args = ["call", method, json.dumps(request or {})]
        if service:
            args += ["--service", service]
        return json.loads(self.run(*args, expect=expect).stdout)

    def feed_heads(self, service):
        """The feed head of a service and the positions of its consumers."""
        return self.call("clientele.common.v1.EventService/GetFeedHead", service=service)

    def wait_caught_up(self, seconds_max=120):
        """Returns once segmentation has applied everything profile recorded."""
        deadline = time.monotonic() + seconds_max
        while time.monotonic() < deadline:
            profile = self.feed_heads("profile")
            heads = {h["partition"]: h["position"] for h in profile["heads"]}
            consumers = self.feed_heads("segmentation")["consumers"]
            positions = {p["partition"]: p["position"]
                         for c in consumers if c["source"] == "profile" for p in c["positions"]}
            if profile["outbox_count"] == 0 and all(
                    positions.get(partition, 0) == head for partition, head in heads.items()):
                return
        raise AssertionError("segmentation did not catch up")

    def events_by_type(self):
        """How many events of each type profile's feed holds."""
        counts = {}
        out = self.run("watch", "profile", "--stop-at-head").stdout
        for line in out.splitlines():
            kind = json.loads(line)["type"]
            counts[kind] = counts.get(kind, 0) + 1
        return counts


def main():
    """Runs the tests of the calling module; exits with 77 when all were skipped."""
    program = unittest.main(exit=False, verbosity=2)
    result = program.result
    if not result.wasSuccessful():
        sys.exit(1)
    if result.testsRun and len(result.skipped) == result.testsRun:
        sys.exit(SKIPPED)
