"""The real `clientele-<service>` binaries, each a process of its own on a folder of its own."""
import json
import os
import pathlib
import re
import subprocess

from tests.support import process, suite


def binary(service):
    return str(pathlib.Path(suite.binary()).with_name(f"clientele-{service}"))


class Server:
    """One server. Use as a context manager: it is gone afterwards, its folder is the caller's."""

    def __init__(self, service, folder, **settings):
        """`settings` are configuration keys with "__" for the dot: profile__address=…"""
        self.service = service
        self.data_dir = os.path.join(folder, service)
        self.log_path = os.path.join(folder, f"{service}.log")
        self.settings = {"data_dir": self.data_dir, "grpc.address": "127.0.0.1:0", "ops.port": "0"}
        self.settings.update({key.replace("__", "."): value for key, value in settings.items()})
        self.cli_args = []  # how `clientele` shows who it is
        self.server = None
        self.address = self.ops_address = ""

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.kill()

    def command(self, name):
        command = [binary(self.service), name]
        for key, value in self.settings.items():
            command += ["--set", f"{key}={value}"]
        return command

    def run(self, name, *flags):
        """Runs a subcommand that ends by itself; returns the completed process."""
        return subprocess.run([*self.command(name), *flags], capture_output=True, text=True,
                              timeout=process.STEP_SECONDS_MAX)

    def migrate(self):
        done = self.run("migrate")
        if done.returncode != 0:
            raise AssertionError(f"migrate: exit code {done.returncode}\n{done.stderr}")

    def spawn(self):
        self.server = process.ServerProcess(self.command("serve"), self.log_path)
        self.server.spawn()

    def wait_ready(self):
        """Returns once it serves; from then on it comes back at the same addresses."""
        addresses = self.server.wait_ready()
        self.address, self.ops_address = addresses[self.service], addresses["ops"]
        self.settings["grpc.address"] = self.address
        return self

    def wait_schema_pending(self):
        """Returns once it says that it waits for migrate; its ops port answers then."""
        waiting = process.wait_until(
            lambda: re.search('"schema_pending".*"ops":"([^"]*)"', self.server.log_text()),
            "schema_pending is logged")
        self.ops_address = waiting.group(1)

    def start(self):
        self.spawn()
        return self.wait_ready()

    def stop(self):
        """SIGTERM; returns the exit code."""
        self.server.terminate()
        return self.server.wait()

    def kill(self):
        """kill -9."""
        if self.server is not None:
            self.server.kill()

    def get(self, path):
        """A page of its ops port: HTTP status and text."""
        return process.get(self.ops_address, path)

    def probe(self):
        """The exit code of `probe`."""
        return self.run("probe").returncode

    def cli(self, *args, expect=0):
        """Runs `clientele ARGS --server` this one; returns the completed process."""
        return suite.run_cli(*args, "--server", self.address, *self.cli_args, expect=expect)

    def call(self, method, request=None, expect=0):
        """Calls an RPC; returns the response, or the error when expect is 1."""
        return json.loads(self.cli("call", method, json.dumps(request or {}),
                                   expect=expect).stdout)

    def feed_heads(self):
        return self.call("clientele.common.v1.EventService/GetFeedHead")


def wait_caught_up(source, consumer):
    """Returns once the consumer has applied everything the source recorded."""
    process.wait_until(
        lambda: suite.has_caught_up(source.feed_heads(), consumer.feed_heads(), source.service),
        f"{consumer.service} catches up with {source.service}")
