"""Starts the real `clientele up` and drives it as a user would, by the command line.

The tests find the program in $CLIENTELE_BIN (set by CMake) and real data in $CLIENTELE_TEST_DATA,
else in ../shared/data beside the checkout. Only the Python standard library is used.
"""
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
from xml.etree import ElementTree

from tests.support import process

SKIPPED = 77  # ctest's SKIP_RETURN_CODE
ROOT = pathlib.Path(__file__).resolve().parents[2]


def binary():
    return os.environ.get("CLIENTELE_BIN", str(ROOT / "build/release/bin/clientele"))


def data_file(name):
    """The path of a real data file; skips the test when it is absent."""
    for folder in (os.environ.get("CLIENTELE_TEST_DATA"), ROOT / "../shared/data"):
        if folder and (pathlib.Path(folder) / name).exists():
            return str(pathlib.Path(folder) / name)
    raise unittest.SkipTest(f"no {name} in $CLIENTELE_TEST_DATA or ../shared/data")


def draw_seed():
    """The seed of a test that is another one each time; printed, for $CLIENTELE_SEED to repeat it."""
    seed = int(os.environ.get("CLIENTELE_SEED") or random.SystemRandom().randrange(1 << 32))
    print(f"seed {seed}", flush=True)
    return seed


class CommandFailed(AssertionError):
    """A command ended with another exit code than expected."""


def run_cli(*args, expect=0, timeout=600):
    """Runs `clientele ARGS`; returns the completed process."""
    done = subprocess.run([binary(), *args], text=True, capture_output=True, timeout=timeout)
    if expect is not None and done.returncode != expect:
        raise CommandFailed(f"{args}: exit code {done.returncode}, expected {expect}\n"
                            f"{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return done


def has_caught_up(source, consumer, name="profile"):
    """Whether, by GetFeedHead of both, the consumer has come as far as the feed of service name."""
    return source["outbox_count"] == 0 and consumed_of(consumer, name) == heads_of(source)


def heads_of(answer):
    """Of a service's GetFeedHead: the head of each partition that has events."""
    return {h["partition"]: h["position"] for h in answer["heads"] if h["position"]}


def consumed_of(answer, name="profile"):
    """Of a consumer's GetFeedHead: how far it has followed each partition of the feed of name."""
    return {p["partition"]: p["position"] for c in answer["consumers"]
            if c["source"] == name for p in c["positions"] if p["position"]}


class Suite:
    """A `clientele up` on a data folder of its own. Use as a context manager."""

    def __init__(self, data_dir=None, args=()):
        self._own_dir = data_dir is None
        self.data_dir = data_dir or tempfile.mkdtemp(prefix="clientele-test-")
        self._server = process.ServerProcess(
            [binary(), "up", "--data-dir", self.data_dir, "--ports", "0", *args],
            os.path.join(self.data_dir, "up.log"))

    def __enter__(self):
        return self.start()

    def __exit__(self, error=None, *unused):
        """Every suite drains when asked to, whatever was done to it before."""
        try:
            code = self.stop()
            if error is None and code not in (0, None):
                raise AssertionError(f"clientele up ended with {code}\n" + self._server.log_text())
        finally:
            self._forget()

    def start(self):
        """Starts the servers and returns when they are ready."""
        try:
            self._server.spawn()
            self._server.wait_ready()
        except BaseException:
            self._forget()
            raise
        return self

    @property
    def ready_line(self):
        return self._server.ready_line

    @property
    def pid(self):
        return self._server.process.pid

    def log_text(self):
        """The end of the servers' log."""
        return self._server.log_text()

    def stop(self):
        """Asks the servers to drain; returns their exit code, None when they do not run."""
        if self._server.process is None:
            return None
        self._server.terminate()
        return self._server.wait()

    def kill(self):
        """kill -9."""
        self._server.kill()

    def _forget(self):
        self._server.kill()
        if self._own_dir:
            shutil.rmtree(self.data_dir, ignore_errors=True)

    def peak_resident_mb(self):
        status = pathlib.Path(f"/proc/{self.pid}/status").read_text()
        for line in status.splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
        raise AssertionError("no VmHWM")

    def run(self, *args, expect=0, timeout=600):
        """Runs `clientele ARGS --data-dir …`; returns the completed process."""
        return run_cli(*args, "--data-dir", self.data_dir, expect=expect, timeout=timeout)

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

    def wait_caught_up(self, seconds_max=120, service="segmentation"):
        """Returns once a service has applied everything profile recorded."""
        deadline = time.monotonic() + seconds_max
        while time.monotonic() < deadline:
            if has_caught_up(self.feed_heads("profile"), self.feed_heads(service)):
                return
        raise AssertionError(f"{service} did not catch up")


class CaseResult(unittest.TextTestResult):
    """Also remembers what became of each case."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.outcomes = {}  # (class, case): ("" or "failure" or "skipped", why)

    def startTest(self, test):
        super().startTest(test)
        self.outcomes[self._name(test)] = ("", "")

    def addError(self, test, err):
        super().addError(test, err)
        self.outcomes[self._name(test)] = ("failure", str(err[1]))

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.outcomes[self._name(test)] = ("failure", str(err[1]))

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self.outcomes[self._name(test)] = ("failure", str(err[1]))

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.outcomes[self._name(test)] = ("skipped", reason)

    @staticmethod
    def _name(test):
        # What fails or skips a whole class is no case of it: "setUpClass (module.Class)".
        if isinstance(test, unittest.TestCase):
            return type(test).__name__, test.id().rsplit(".", 1)[-1]
        return "", str(test)


def write_cases(result):
    """Writes the cases as GoogleTest would, so that scripts/count_tests.py counts them alike."""
    folder = os.environ.get("GTEST_OUTPUT", "").removeprefix("xml:")
    if not folder:
        return
    suites = ElementTree.Element("testsuites")
    for (group, name), (outcome, message) in result.outcomes.items():
        case = ElementTree.SubElement(suites, "testcase", classname=group, name=name, status="run")
        if outcome:
            ElementTree.SubElement(case, outcome, message=message)
    module = sys.modules["__main__"].__spec__.name.rsplit(".", 1)[-1]
    ElementTree.ElementTree(suites).write(os.path.join(folder, f"{module}.xml"))


def main():
    """Runs the tests of the calling module; exits with 77 when all were skipped."""
    runner = unittest.TextTestRunner(verbosity=2, resultclass=CaseResult)
    result = unittest.main(exit=False, testRunner=runner).result
    write_cases(result)
    if not result.wasSuccessful() or not result.outcomes:
        sys.exit(1)
    if all(outcome == "skipped" for outcome, _ in result.outcomes.values()):
        sys.exit(SKIPPED)
