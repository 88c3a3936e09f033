"""A Kubernetes API without nodes: etcd and kube-apiserver on loopback, for what only a real one
refuses or warns of.

kube-apiserver is where scripts/kubernetes_api.sh puts it.
"""
import json
import os
import pathlib
import secrets
import shutil
import socket
import ssl
import subprocess
import tempfile
import unittest
import urllib.error
import urllib.request

from tests.support import process, suite

# What would look for objects that nobody has made here.
UNUSED_PLUGINS = "ServiceAccount,Priority"


def kube_apiserver():
    """The program; skips the test without it or without etcd."""
    path = suite.ROOT / ".tools/kubernetes/kube-apiserver"
    if not os.access(path, os.X_OK) or not shutil.which("etcd"):
        raise unittest.SkipTest("no kube-apiserver or no etcd: scripts/kubernetes_api.sh says how "
                                "to get them")
    return str(path)


def free_addresses(count):
    """Addresses of loopback where nobody listens at the moment."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    addresses = [f"127.0.0.1:{each.getsockname()[1]}" for each in sockets]
    for each in sockets:
        each.close()
    return addresses


class KubernetesApi:
    """Use as a context manager."""

    def __init__(self):
        self._program = kube_apiserver()
        self._folder = tempfile.mkdtemp(prefix="clientele-kubernetes-")
        self._processes = []
        self._token = secrets.token_hex(16)
        self._address = ""

    def __enter__(self):
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *unused):
        for each in reversed(self._processes):
            each.kill()
            each.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _spawn(self, name, *command):
        with open(f"{self._folder}/{name}.log", "ab") as log:
            self._processes.append(subprocess.Popen(
                command, stdout=log, stderr=log, preexec_fn=process.die_with_parent))

    def _start(self):
        self._address, clients, peers = free_addresses(3)
        folder = pathlib.Path(self._folder)
        self._spawn("etcd", "etcd", "--data-dir", f"{folder}/etcd",
                    "--listen-client-urls", f"http://{clients}",
                    "--advertise-client-urls", f"http://{clients}",
                    "--listen-peer-urls", f"http://{peers}",
                    "--initial-advertise-peer-urls", f"http://{peers}",
                    "--initial-cluster", f"default=http://{peers}")
        folder.joinpath("tokens.csv").write_text(f"{self._token},test,test,system:masters\n",
                                                 encoding="utf-8")
        key = folder / "service-account.key"
        subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, capture_output=True)
        self._spawn("kube-apiserver", self._program, f"--etcd-servers=http://{clients}",
                    "--bind-address=127.0.0.1", f"--secure-port={self._address.split(':')[1]}",
                    f"--cert-dir={folder}", f"--token-auth-file={folder}/tokens.csv",
                    f"--service-account-key-file={key}",
                    f"--service-account-signing-key-file={key}",
                    "--service-account-issuer=https://kubernetes.default.svc",
                    "--service-cluster-ip-range=10.77.0.0/20", "--endpoint-reconciler-type=none",
                    f"--disable-admission-plugins={UNUSED_PLUGINS}")
        process.wait_until(self._is_ready, f"kube-apiserver starts; {folder}/*.log say why not")

    def _is_ready(self):
        try:
            return self.ask("GET", "/readyz")[0] == 200
        except OSError:
            return False

    def ask(self, method, path, body=None):
        """Returns the status, the warnings and the text of an answer."""
        # Its certificate is made anew, and the address is this test's own.
        context = ssl._create_unverified_context()
        request = urllib.request.Request(
            f"https://{self._address}{path}", method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"})
        try:
            answer = urllib.request.urlopen(request, context=context,
                                            timeout=process.STEP_SECONDS_MAX)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            return (answer.status, answer.headers.get_all("Warning") or [],
                    answer.read().decode())

    def make_namespace(self, name, labels):
        status, _, text = self.ask("POST", "/api/v1/namespaces", {
            "apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}})
        if status != 201:
            raise AssertionError(f"namespace {name}: {status} {text}")

    def objections(self, namespace, manifest):
        """What it has against making this in a namespace; nothing is made."""
        version = manifest["apiVersion"]
        group = f"/apis/{version}" if "/" in version else f"/api/{version}"
        kinds = json.loads(self.ask("GET", group)[2])["resources"]
        plural = next(kind["name"] for kind in kinds
                      if kind["kind"] == manifest["kind"] and "/" not in kind["name"])
        status, warnings, text = self.ask(
            "POST", f"{group}/namespaces/{namespace}/{plural}?dryRun=All&fieldValidation=Strict",
            manifest)
        return warnings + ([] if status == 201 else [json.loads(text)["message"]])
