"""The real `clientele-<service>` binaries, each a process of its own on a folder of its own."""
import base64
import contextlib
import functools
import json
import os
import pathlib
import re
import secrets
import subprocess

from tests.support import process, suite


def programs():
    """The folder of the binaries."""
    return pathlib.Path(suite.binary()).parent


@functools.cache
def known_keys(program):
    """The configuration keys that a server knows, dotted: those of the YAML that it prints."""
    done = subprocess.run([program, "check-config"], check=True, text=True,
                          stdout=subprocess.PIPE)
    found, path = set(), []
    for line in done.stdout.splitlines():
        text = line.strip()
        if not text.startswith("#"):
            depth = (len(line) - len(text)) // 2
            key, _, value = text.partition(":")
            path[depth:] = [key]
            if value:
                found.add(".".join(path))
    return found


def binary(service):
    return str(programs() / f"clientele-{service}")


# What a server asks or follows, which is nobody unless a test says who: port 1 is taken by none, while
# the keys' own defaults may be those of a suite that happens to run on this machine.
NOBODY = "127.0.0.1:1"
CALLED = {"profile": (), "loyalty": ("profile",), "segmentation": ("profile",),
          "complaints": ("profile", "loyalty")}

# Services that encrypt what they store.
SEALING = ("profile", "complaints")


def make_kek(folder):
    """The path of the folder's file of key-encryption keys, which is made when it is absent."""
    path = os.path.join(folder, "kek")
    with contextlib.suppress(FileExistsError), \
            open(path, "x", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(f"k-1 {base64.b64encode(secrets.token_bytes(32)).decode()}\n")
    return path


def make_key(folder):
    """The path of the key that the folder's services share, which is made when it is absent."""
    path = os.path.join(folder, "key")
    with contextlib.suppress(FileExistsError), \
            open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(secrets.token_bytes(32))
    return path


class Server:
    """One server. Use as a context manager: it is gone afterwards, its folder is the caller's."""

    def __init__(self, service, folder, **settings):
        """`settings` are configuration keys with "__" for the dot: profile__address=…"""
        self.service = service
        self.data_dir = os.path.join(folder, service)
        self.log_path = os.path.join(folder, f"{service}.log")
        self.settings = {"data_dir": self.data_dir, "grpc.address": "127.0.0.1:0", "ops.port": "0"}
        self.settings.update({f"{other}.address": NOBODY for other in CALLED[service]})
        self.settings.update({key.replace("__", "."): value for key, value in settings.items()})
        if "database.url" in self.settings:
            self.settings.setdefault("key_file", make_key(folder))
        if service in SEALING and "database.url" in self.settings:
            self.settings.setdefault("encryption.kek_file", make_kek(folder))
        # Where its binary is. It may be set to another release's, which is not told of keys that it
        # does not know.
        self.programs = programs()
        self.cli_args = []  # how `clientele` shows who it is
        self.server = None
        self.address = self.ops_address = ""

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.kill()

    def command(self, name):
        program = str(self.programs / f"clientele-{self.service}")
        is_another = self.programs != programs()
        command = [program, name]
        for key, value in self.settings.items():
            if not is_another or key in known_keys(program):
                command += ["--set", f"{key}={value}"]
        return command

    def run(self, name, *flags):
        """Runs a subcommand that ends by itself; returns the completed process."""
        return subprocess.run([*self.command(name), *flags], capture_output=True, text=True,
                              timeout=process.STEP_SECONDS_MAX)

    def migrate(self):
        """Returns what it says that it applied."""
        done = self.run("migrate")
        if done.returncode != 0:
            raise AssertionError(f"migrate: exit code {done.returncode}\n{done.stderr}")
        return done.stdout

    def pending(self):
        """What `migrate --dry-run` says would be applied, without its first line, which says where."""
        done = self.run("migrate", "--dry-run")
        if done.returncode != 0 or done.stderr:
            raise AssertionError(f"migrate --dry-run: exit code {done.returncode}\n{done.stderr}")
        return done.stdout.partition("\n")[2]

    def spawn(self):
        self.server = process.ServerProcess(self.command("serve"), self.log_path)
        self.server.spawn()

    def wait_ready(self):
        """Returns once it serves; from then on it comes back at the same addresses."""
        addresses = self.server.wait_ready()
        self.address, self.ops_address = addresses[self.service], addresses["ops"]
        self.settings["grpc.address"] = self.address
        # Else it might be given the other one's, which is free while it starts.
        self.settings["ops.port"] = self.ops_address.rpartition(":")[2]
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
