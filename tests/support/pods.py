"""Runs the containers of rendered manifests as a kubelet would, with the real binaries in place of
images: arguments, variables, users, read-only root, volumes with the modes that Kubernetes gives
them. Needs root: each container gets a root folder of its own in a mount namespace, and all of them
a network without anybody else.
"""
import base64
import ctypes
import fcntl
import os
import pathlib
import shlex
import signal
import socket
import struct
import subprocess

from tests.support import helm, process
from tests.support.server import binary

CLONE_NEWNET = 0x40000000
SIOCSIFFLAGS = 0x8914
IFF_UP = 1
PROGRAMS = "/app"
# The machine's folders that a container sees. /sys among them, as in every container engine: without
# it gRPC 1.51 now and then takes a connection in progress for one that failed with "No such file or
# directory" (its issue 35064: reading the number of processors overwrites errno).
MACHINE_FOLDERS = ("usr", "proc", "sys", "dev")


def enter_own_network():
    """From now on this process and its children are alone on a network whose ports are all free."""
    if process.LIBC.unshare(CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))


class Cluster:
    """The pods of a release. Use as a context manager: what still runs is killed."""

    def __init__(self, folder, manifests, secrets=None, hosts=()):
        """`secrets`: bytes by entry by name; `hosts`: further names of this machine."""
        self._folder = pathlib.Path(folder)
        self._objects = {(m["kind"], m["metadata"]["name"]): m for m in manifests}
        self._secrets = secrets or {}
        self._hosts = [*hosts, *(name for kind, service in self._objects if kind == "Service"
                                 for name in (service, f"{service}.{helm.NAMESPACE}.svc"))]
        self._running = []

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        for child in self._running:
            child.kill()
            child.wait()

    def of_kind(self, kind, service):
        """The one object of a kind that a service has."""
        found = [m for (object_kind, _), m in self._objects.items() if object_kind == kind
                 and m["metadata"]["labels"]["app.kubernetes.io/name"] == service]
        if len(found) != 1:
            raise AssertionError(f"{len(found)} {kind} of {service}")
        return found[0]

    def run_pod(self, manifest):
        """Runs a pod that ends; returns what its container wrote and its exit code."""
        pod = Pod(self, manifest)
        return pod.run(pod.spec["containers"][0])

    def start_pod(self, manifest):
        """Runs the containers that come first, then the others; returns the pod."""
        pod = Pod(self, manifest)
        for container in pod.spec.get("initContainers", []):
            output, code = pod.run(container)
            if code != 0:
                raise AssertionError(f"{container['name']}: exit code {code}\n{output}")
        pod.start()
        return pod

    def spawn(self, script, log):
        child = subprocess.Popen(["unshare", "--mount", "--propagation", "private", "bash", "-ec",
                                  script], stdout=log, stderr=log,
                                 preexec_fn=process.die_with_parent)
        self._running.append(child)
        return child

    def volume(self, pod_folder, volume, group):
        """A folder with what a volume holds."""
        name = volume["name"]
        if "persistentVolumeClaim" in volume:  # outlives its pods
            claim = volume["persistentVolumeClaim"]["claimName"]
            if ("PersistentVolumeClaim", claim) not in self._objects:
                raise AssertionError(f"no claim {claim}")
            return shared_folder(self._folder / "claims" / claim, group, 0o2775)
        folder = pod_folder / name
        if "emptyDir" in volume:
            return shared_folder(folder, group, 0o2777)
        if "configMap" in volume:
            data = self._objects["ConfigMap", volume["configMap"]["name"]]["data"]
            return atomic_folder(folder, {key: text.encode() for key, text in data.items()}, group,
                                 0o644)
        files = {}
        for source in volume["projected"]["sources"]:
            secret = self._secrets[source["secret"]["name"]]
            files.update({item["path"]: secret[item["key"]] for item in source["secret"]["items"]})
        return atomic_folder(folder, files, group, volume["projected"]["defaultMode"])

    def hosts_file(self):
        return "".join(f"127.0.0.1 {name}\n" for name in ("localhost", *self._hosts))

    def pod_folder(self, name):
        folder = self._folder / f"{len(self._running)}-{name}"
        folder.mkdir(parents=True)
        return folder


def shared_folder(folder, group, mode):
    """As a volume is first mounted for a pod with an fsGroup."""
    if not folder.exists():
        folder.mkdir(parents=True)
        os.chown(folder, 0, group)
        folder.chmod(mode)
    return folder


def atomic_folder(folder, files, group, mode):
    """Files as kubelet lays them out: root's, the group's to read, behind a link that it
    exchanges."""
    data = folder / "..2026"
    data.mkdir(parents=True)
    (folder / "..data").symlink_to("..2026")
    for name, content in files.items():
        (data / name).write_bytes(content)
        os.chown(data / name, 0, group)
        (data / name).chmod(mode | 0o440)
        (folder / name).symlink_to(f"..data/{name}")
    return folder


class Pod:
    """One pod of a cluster."""

    def __init__(self, cluster, manifest):
        self._cluster = cluster
        self.name = manifest["metadata"]["name"]
        _, self.spec = helm.pod_of(manifest)
        self.folder = cluster.pod_folder(self.name)
        self._volumes = {volume["name"]: cluster.volume(self.folder, volume, self._id("fsGroup"))
                         for volume in self.spec.get("volumes", [])}
        self._child = None

    def _id(self, what):
        return self.spec["securityContext"][what]

    def run(self, container):
        """Runs a container that ends; returns what it wrote and its exit code."""
        log = self.folder / f"{container['name']}.log"
        with open(log, "wb") as output:
            child = self._cluster.spawn(self._script(container), output)
        code = child.wait(timeout=process.STEP_SECONDS_MAX)
        return log.read_text(errors="replace"), code

    def start(self):
        with open(self.folder / "log", "ab") as output:
            self._child = self._cluster.spawn(self._script(self.container), output)

    @property
    def container(self):
        return self.spec["containers"][0]

    def probe(self, name):
        """The status of a probe's page; None when nobody answers."""
        page = self.container[f"{name}Probe"]["httpGet"]
        try:
            return process.get(self._address(page["port"]), page["path"])[0]
        except OSError:
            return None

    def get(self, path):
        """A page of the ops port."""
        return process.get(self._address("ops"), path)[1]

    def _address(self, port_name):
        port = next(port["containerPort"] for port in self.container["ports"]
                    if port["name"] == port_name)
        return f"127.0.0.1:{port}"

    def wait_for(self, name, status):
        """Returns once a probe is answered with that status."""
        def answered():
            if self._child.poll() is not None:
                raise AssertionError(f"{self.name} has ended\n{self.log()}")
            return self.probe(name) == status

        process.wait_until(answered, f"{name} of {self.name} is {status}\n{self.log()}")

    def stop(self):
        """SIGTERM; returns the exit code, which must come before Kubernetes would kill it."""
        self._child.send_signal(signal.SIGTERM)
        return self._child.wait(timeout=self.spec["terminationGracePeriodSeconds"])

    def log(self):
        return (self.folder / "log").read_text(errors="replace")[-4000:]

    def _environment(self, container):
        environment = {"PATH": "/usr/bin:/bin", "HOSTNAME": self.name}
        for variable in container.get("env", []):
            field = variable.get("valueFrom", {}).get("fieldRef", {}).get("fieldPath")
            value = self.name if field == "metadata.name" else variable["value"]
            environment[variable["name"]] = value
        return environment

    def _script(self, container):
        """Builds a container's root and becomes its program in it."""
        root = self.folder / f"root-{container['name']}"
        program = binary(container["image"].split("/")[-1].split(":")[0].removeprefix("clientele-"))
        lines = [f"mkdir -p {root}/etc {root}{PROGRAMS}",
                 f"for link in bin lib lib64 sbin; do ln -s usr/$link {root}/$link; done",
                 f"cp /etc/nsswitch.conf {root}/etc/",
                 f"echo {encoded(self._cluster.hosts_file())} | base64 -d > {root}/etc/hosts",
                 f"cp {program} {root}{PROGRAMS}/",
                 f"mount --bind {root} {root}"]
        for folder in MACHINE_FOLDERS:
            lines += [f"mkdir {root}/{folder}", f"mount --rbind /{folder} {root}/{folder}"]
        for mount in container.get("volumeMounts", []):
            target = f"{root}{mount['mountPath']}"
            lines += [f"mkdir -p {target}", f"mount --bind {self._volumes[mount['name']]} {target}"]
            if mount.get("readOnly"):
                lines.append(f"mount -o remount,ro,bind {target}")
        if container["securityContext"]["readOnlyRootFilesystem"]:
            lines.append(f"mount -o remount,ro,bind {root}")
        words = ["chroot", str(root), "setpriv", f"--reuid={self._id('runAsUser')}",
                 f"--regid={self._id('runAsGroup')}", f"--groups={self._id('fsGroup')}",
                 "--no-new-privs", "--inh-caps=-all", "--bounding-set=-all", "--pdeathsig=KILL",
                 "env", "-i",
                 *(f"{name}={value}" for name, value in self._environment(container).items()),
                 f"{PROGRAMS}/{os.path.basename(program)}", *container["args"]]
        return "\n".join([*lines, "exec " + shlex.join(words)])


def encoded(text):
    return base64.b64encode(text.encode()).decode()
