"""Pod Security's level "restricted", as Kubernetes 1.29 to 1.37 define it."""

ALLOWED_VOLUMES = {"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral",
                   "persistentVolumeClaim", "projected", "secret"}
HOST_NAMESPACES = ("hostNetwork", "hostPID", "hostIPC")
SECCOMP = ("RuntimeDefault", "Localhost")


def containers_of(spec):
    return [container for kind in ("initContainers", "containers", "ephemeralContainers")
            for container in spec.get(kind, [])]


def violations(spec):
    """What keeps a pod out of a namespace that enforces "restricted"; a sentence each."""
    pod = spec.get("securityContext", {})
    found = [f"{name} is true" for name in HOST_NAMESPACES if spec.get(name)]
    if "sysctls" in pod:
        found.append("it sets sysctls")
    for volume in spec.get("volumes", []):
        kinds = set(volume) - {"name"}
        if not kinds <= ALLOWED_VOLUMES:
            found.append(f"volume {volume['name']} is a {kinds}")
    for container in containers_of(spec):
        found += [f"container {container['name']}: {what}"
                  for what in container_violations(container, pod)]
    return found


def container_violations(container, pod):
    own = container.get("securityContext", {})
    either = {**pod, **own}
    capabilities = own.get("capabilities", {})
    conditions = {
        "it is privileged": own.get("privileged", False),
        "privileges may escalate": own.get("allowPrivilegeEscalation", True),
        "it keeps capabilities": "ALL" not in capabilities.get("drop", []),
        "it adds capabilities": not set(capabilities.get("add", [])) <= {"NET_BIND_SERVICE"},
        "it may run as root": not either.get("runAsNonRoot", False),
        "its user is root": either.get("runAsUser") == 0,
        "it has no seccomp profile": either.get("seccompProfile", {}).get("type") not in SECCOMP,
        "it sets procMount": own.get("procMount", "Default") != "Default",
        "it has host ports": any("hostPort" in port for port in container.get("ports", [])),
        "it sets seLinuxOptions": "seLinuxOptions" in either,
        "it sets appArmorProfile": "appArmorProfile" in either,
    }
    return [what for what, is_so in conditions.items() if is_so]
