"""Every setting of a service changes what is rendered: none is dead."""
import importlib.util
import json
import unittest

from tests.support import helm, suite

EXTERNAL = {
    "embedded": False, "insecure": True, "key": {"existingSecret": "key"},
    "encryption": {"existingSecret": "kek"},
    "database": {"host": "db", "existingSecret": "db", "tls": {"existingSecret": "ca"},
                 "migrate": {"existingSecret": "owner"}},
    "redis": {"addresses": ["redis:6379"], "existingSecret": "redis",
              "tls": {"enabled": True, "existingSecret": "redis"}},
    "serviceMonitor": {"enabled": True}, "tls": {"certManager": {"issuerRef": {"name": "ca"}}},
    "replicaCount": 3}
SECURED = {
    **EXTERNAL, "tls": {"clientAuth": "request",
                        "certManager": {"enabled": True, "issuerRef": {"name": "ca"}}},
    "auth": {"mode": "any", "token": {"existingSecret": "token"}, "roles": ["b=*"],
             "jwt": {"existingSecret": "jwks", "issuer": "i", "audience": "a"}},
    "redis": {"addresses": ["redis:6379"]},
    "config": {"redis": {"tls_ca_file": "/etc/ssl/certs/ca-certificates.crt"}},
    "autoscaling": {"enabled": True}, "migrations": {"mode": "hook"}}
# What settings are tried on, one after the other, until one shows an effect.
BASES = ({}, EXTERNAL, SECURED)
# Another value of settings whose kind does not say one.
OTHERS = {
    "affinity": {"podAffinity": {}}, "auth.certificates": ["a=b"], "auth.grants": ["token:a=b"],
    "auth.roles": ["b=audit.read"], "config": {"log": {"level": "warn"}}, "database.host": "other",
    "drainDelay": "7s", "extraEnv": [{"name": "A", "value": "b"}],
    "image.digest": "sha256:" + 64 * "1", "networkPolicy.egress": [{"ports": [{"port": 1}]}],
    "networkPolicy.callers": [], "networkPolicy.database": [{"podSelector": {}}],
    "networkPolicy.redis": [{"podSelector": {}}], "networkPolicy.scrapers": [],
    "persistence.size": "9Gi", "redis.addresses": ["other:6379"], "replicaCount": 0,
    "resources": {"limits": {"memory": "3Gi"}}, "serviceMonitor.interval": "9s",
    "tls.certManager.duration": "99h", "tls.certManager.renewBefore": "9h",
    "tolerations": [{"operator": "Exists"}], "autoscaling.runningCalls": 9,
    "topologySpread.topologyKeys": [], "image.pullSecrets": ["pull"]}


def settings():
    path = suite.ROOT / "scripts/chart_files.py"
    module_spec = importlib.util.spec_from_file_location("chart_files", path)
    chart_files = importlib.util.module_from_spec(module_spec)
    module_spec.loader.exec_module(chart_files)
    return chart_files.settings_of(chart_files.COMMON / "values.yaml")


def other_values(setting):
    """Values that a setting may have instead of its default."""
    name = ".".join(setting.path)
    if name in OTHERS:
        return [OTHERS[name]]
    if "enum" in setting.rule:
        return [value for value in setting.rule["enum"] if value != setting.default]
    if isinstance(setting.default, bool):
        return [True, False]
    if isinstance(setting.default, int):
        return [setting.default + 1]
    return [{"another": "value"} if isinstance(setting.default, dict) else "another"]


def render(base, name=None, value=None):
    """The manifests with one setting changed; None when these values cannot work."""
    flags = [word for key, child in base.items()
             for word in ("--set-json", f"{key}={json.dumps(child)}")]
    if name:
        flags += ["--set-json", f"{name}={json.dumps(value)}"]
    done = helm.run(max(helm.programs()), "template", *flags, chart="clientele-profile")
    return done.stdout if done.returncode == 0 else None


class Settings(unittest.TestCase):

    def test_none_is_without_effect(self):
        usual = [render(base) for base in BASES]
        self.assertNotIn(None, usual)
        for setting in settings():
            name = ".".join(setting.path)
            if name in ("embedded", "insecure"):
                continue  # what the bases differ in; wrong alone, as charts_test.py says
            with self.subTest(name):
                self.assertTrue(any(
                    render(base, name, value) not in (None, before)
                    for value in other_values(setting) for base, before in zip(BASES, usual)))


if __name__ == "__main__":
    suite.main()
