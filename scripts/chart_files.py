#!/usr/bin/python3
"""Makes what the Helm charts have of other files: values.schema.json and the README tables from the
commented values.yaml and the servers' own configuration schemas, hashes of the migrations, copies of
alerts and dashboards, the defaults and permissions for templates; and of the same configuration schemas the table of
docs/configure.md, of proto/permissions.json that of docs/security.md.

Usage: chart_files.py [--check]
Needs python3-yaml and built servers (in the folder of $CLIENTELE_BIN, default build/release/bin).
--check writes nothing and names what is not as it would be made; exit code 1 if anything.
"""
import hashlib
import html
import json
import os
import pathlib
import subprocess
import sys

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[1]
HELM = ROOT / "helm"
COMMON = HELM / "clientele-common"
SUITE = HELM / "clientele"
KEYS = ROOT / "docs/configure.md"
PERMISSIONS = ROOT / "docs/security.md"
# What a permission is for that no method needs by itself.
OF_ANSWERS = {"profile.sensitive.read": "customers' birth date and gender in what other methods answer"}
SERVICES = ("profile", "segmentation", "loyalty", "complaints")
BEGIN, END = "<!-- values: made by scripts/chart_files.py -->", "<!-- end of values -->"
NOT_GLOBAL = {"fullnameOverride"}
# What Helm puts among the values of a chart, though nobody may give it: it is not among the names offered.
LIBRARY = "clientele-common"
# Parts of Kubernetes' API that settings have, as JSON Schemas.
KINDS = json.loads((ROOT / "scripts/chart_types.json").read_text())
# What a server asks of texts and its schema does not say, by key of the configuration file.
ITEMS = {"limits.principals": r"^.*\S.*= *([1-9][0-9]{0,5}|1000000)( +([1-9][0-9]{0,5}|1000000))? *$"}
# Keys of the configuration file, and sections, that settings of their own decide.
DECIDED = {
    "auth.certificates", "auth.grants", "auth.jwt.audience", "auth.jwt.issuer",
    "auth.jwt.jwks_file", "auth.mode", "auth.roles", "client_auth", "client_tls", "data_dir",
    "database.migrate_password_file", "database.migrate_url", "database.password_file",
    "database.url", "drain_delay", "encryption", "grpc.address", "insecure", "key_file", "loyalty.address",
    "ops", "profile.address", "redis.addresses", "redis.cluster", "redis.key_prefix",
    "redis.password_file", "redis.tls", "redis.tls_certificate_file",
    "redis.tls_key_file", "redis.tls_server_name", "redis.user", "replica_name", "tls"}
TYPES = {bool: "boolean", int: "integer", str: "string", list: "array", dict: "object"}


class Setting:
    """A value of a values.yaml with its comment."""

    def __init__(self, path, default, doc, rule):
        self.path, self.default, self.doc, self.rule = path, default, doc, rule

    def schema(self):
        schema = {} if self.default is None else {"type": TYPES[type(self.default)]}
        if schema.get("type") == "object":
            schema["additionalProperties"] = False
        return {**schema, "description": self.doc, **self.rule}


def settings_of(path):
    """The settings in a values.yaml, in its order; an error when one has no comment."""
    values = yaml.safe_load(path.read_text()) or {}
    settings, open_keys, doc, rule = [], [], [], ""
    for number, line in enumerate(path.read_text().splitlines(), 1):
        text = line.strip()
        if text.startswith("# @ "):
            rule += text.removeprefix("# @ ")
        elif text.startswith("#"):
            doc.append(text.removeprefix("#").strip())
        elif not text:
            doc = []
        elif not text.startswith("- ") and ":" in text:
            depth = (len(line) - len(line.lstrip())) // 2
            if depth > len(open_keys):
                continue  # inside the default of a setting
            open_keys[depth:] = [text.split(":", 1)[0]]
            value = values
            for key in open_keys:
                value = value[key]
            if doc:
                settings.append(Setting(tuple(open_keys), value, " ".join(doc),
                                        json.loads(rule or "{}")))
                open_keys.pop()
            elif not isinstance(value, dict):
                sys.exit(f"{path}:{number}: {'.'.join(open_keys)} has no comment")
            doc, rule = [], ""
    return settings


def tree(settings):
    """Closed JSON Schemas by first key."""
    top = {"properties": {}}
    for setting in settings:
        node = top
        for key in setting.path[:-1]:
            node = node["properties"].setdefault(
                key, {"type": "object", "additionalProperties": False, "properties": {}})
        node["properties"][setting.path[-1]] = setting.schema()
    return top["properties"]


def configuration(service):
    """The JSON Schema of a server's configuration file."""
    program = pathlib.Path(os.environ.get("CLIENTELE_BIN", ROOT / "build/release/bin/clientele"))
    done = subprocess.run([program.with_name(f"clientele-{service}"), "check-config",
                           "--json-schema"], check=True, text=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def without_decided(schema, prefix=""):
    """The schema without what the chart decides."""
    properties = {}
    for key, child in schema["properties"].items():
        if prefix + key in DECIDED:
            continue
        if "properties" in child:
            child = without_decided(child, f"{prefix}{key}.")
        if prefix + key in ITEMS:
            child = {**child, "items": {**child["items"], "pattern": ITEMS[prefix + key]}}
        if child.get("properties") != {}:
            properties[key] = child
    return {"type": "object", "additionalProperties": False, "properties": properties}


def shared(schemas):
    """What is the same in all of them."""
    first, *others = schemas
    properties = {}
    for key, child in first["properties"].items():
        children = [child, *(other["properties"].get(key) for other in others)]
        if None not in children and "properties" in child:
            properties[key] = shared(children)
        elif all(other == child for other in children):
            properties[key] = child
    return {"type": "object", "additionalProperties": False, "properties": properties}


def naming(schema):
    """The schema, whose closed objects also name what may stand in them when something else does."""
    if not isinstance(schema, dict):
        return schema
    schema = {key: naming(child) for key, child in schema.items()}
    if schema.get("additionalProperties") is False and schema.get("properties"):
        schema.setdefault("propertyNames", {"enum": sorted(schema["properties"])})
    return schema


def values_schema(title, properties, settings):
    schema = {"$schema": "http://json-schema.org/draft-07/schema#", "title": title,
              "type": "object", "additionalProperties": False,
              "propertyNames": {"if": {"const": LIBRARY},
                                "else": {"enum": sorted(set(properties) - {LIBRARY})}},
              "properties": properties, "$defs": naming({**settings, **KINDS})}
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def references(names):
    return {name: {"$ref": f"#/$defs/{name}"} for name in names}


def global_schema(settings):
    """Settings for all services: those that do not name one, and the keys that all servers have."""
    properties = references(name for name in settings if name not in NOT_GLOBAL | {"config"})
    properties["config"] = {"$ref": "#/$defs/sharedConfig"}
    return {"type": "object", "additionalProperties": False, "properties": properties}


def table(settings):
    rows = ["| value | default | what it is |", "|---|---|---|"]
    for setting in settings:
        default = json.dumps(setting.default)
        doc = html.escape(setting.doc, quote=False)
        rows.append(f"| `{'.'.join(setting.path)}` | `{default}` | {doc} |")
    return "\n".join(rows)


def leaves(schema, prefix=""):
    """(dotted name, schema) of each key of a configuration file."""
    for key, child in schema["properties"].items():
        if "properties" in child:
            yield from leaves(child, f"{prefix}{key}.")
        else:
            yield prefix + key, child


def keys_table(configs):
    """The keys of all servers: those that mean the same in several stand once."""
    found = {}
    for service, schema in configs.items():
        for name, leaf in leaves(schema):
            found.setdefault((name, leaf["description"]), {})[service] = leaf.get("default", "")
    rows = ["| key | of | default | what it is |", "|---|---|---|---|"]
    for (name, doc), defaults in sorted(found.items()):
        services = "all" if len(defaults) == len(SERVICES) else ", ".join(defaults)
        different = list(dict.fromkeys(map(json.dumps, defaults.values())))
        values = ", ".join(f"`{default}`" for default in different)
        rows.append(f"| `{name}` | {services} | {values} | {html.escape(doc, quote=False)} |")
    return "\n".join(rows)


def permissions_table():
    """The permissions of all services with the methods that need them."""
    rows = ["| permission | of | methods |", "|---|---|---|"]
    published = json.loads((ROOT / "proto/permissions.json").read_text())
    for permission, methods in published.items():
        by_service = {}
        for method in methods:
            service, name = method.split(".")[-1].split("/")
            by_service.setdefault(service, []).append(name)
        services = ", ".join(f"`{service}`" for service in by_service)
        names = ", ".join(name for names in by_service.values() for name in names)
        rows.append(f"| `{permission}` | {services} | {names or OF_ANSWERS[permission]} |")
    return "\n".join(rows)


def permission_names():
    """All that a role may name: each permission, and what has several of them."""
    names = {"*"}
    for permission in json.loads((ROOT / "proto/permissions.json").read_text()):
        words = permission.split(".")
        names |= {permission, *(".".join(words[:count]) + ".*" for count in range(1, len(words)))}
    return json.dumps(sorted(names), indent=1) + "\n"


def readme(path, *tables):
    """The page with its tables as they are now."""
    before, _, rest = path.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + BEGIN + "\n" + "\n\n".join(tables) + "\n" + END + after


def hash_of(service):
    """Of all that `migrate` of a service may apply."""
    digest = hashlib.sha256()
    for folder in (*sorted(ROOT.glob("common/*/migrations")),
                   ROOT / f"services/{service}/migrations"):
        for file in sorted(folder.glob("*.sql")):
            digest.update(f"{file.relative_to(ROOT)}\n".encode() + file.read_bytes())
    return digest.hexdigest() + "\n"


def service_files(service, common, own, configs):
    chart = HELM / f"clientele-{service}"
    settings = tree(common)
    settings["config"] = configs[service]
    settings["sharedConfig"] = shared(list(configs.values()))
    # What is wrong with "global" the suite's schema says at length: once will do.
    properties = {**references(tree(common)), **naming(tree(own)),
                  "global": global_schema(tree(common)), "enabled": {"type": "boolean"},
                  LIBRARY: {"type": "object"}}
    files = {
        chart / "values.schema.json": values_schema(f"Values of clientele-{service}", properties,
                                                    settings),
        chart / "files/schema.sha256": hash_of(service)}
    if own:
        files[chart / "README.md"] = readme(chart / "README.md", table(own))
    return files


def suite_files(common, configs):
    own = settings_of(SUITE / "values.yaml")
    settings = tree(common)
    settings["sharedConfig"] = shared(list(configs.values()))
    del settings["config"]
    properties = tree(own)
    properties["global"] = global_schema(tree(common))
    for service in SERVICES:  # whose own charts say what else is allowed
        properties[service]["additionalProperties"] = True
    properties[LIBRARY] = {"type": "object"}
    files = {
        SUITE / "values.schema.json": values_schema("Values of clientele", naming(properties),
                                                    settings),
        SUITE / "README.md": readme(SUITE / "README.md", "### Of the suite\n\n" + table(own),
                                    "### Of a service, or under `global` of all\n\n"
                                    + table(common))}
    for kind, source in (("rules", "deploy/prometheus/rules/*.yaml"),
                         ("dashboards", "deploy/grafana/dashboards/*.json")):
        for file in (SUITE / "files" / kind).glob("*"):
            files[file] = None  # unless it is still there
        for file in ROOT.glob(source):
            files[SUITE / "files" / kind / file.name] = file.read_text()
    return files


def all_files():
    """What is in each file that is made; None = it is not there."""
    common = settings_of(COMMON / "values.yaml")
    schemas = {service: configuration(service) for service in SERVICES}
    configs = {service: without_decided(schema) for service, schema in schemas.items()}
    files = suite_files(common, configs)
    files[KEYS] = readme(KEYS, keys_table(schemas))
    files[PERMISSIONS] = readme(PERMISSIONS, permissions_table())
    defaults = yaml.safe_load((COMMON / "values.yaml").read_text())
    files[COMMON / "files/permissions.json"] = permission_names()
    files[COMMON / "files/values.json"] = json.dumps(defaults, indent=1) + "\n"
    for service in SERVICES:
        own = settings_of(HELM / f"clientele-{service}/values.yaml")
        files.update(service_files(service, common, own, configs))
    return files


def main():
    check = sys.argv[1:] == ["--check"]
    if sys.argv[1:] and not check:
        sys.exit(__doc__)
    stale = [(path, text) for path, text in all_files().items()
             if (path.read_text() if path.exists() else None) != text]
    for path, text in stale:
        print(f"{path.relative_to(ROOT)}: {'is not' if check else 'was not'} as it is made by "
              "scripts/chart_files.py")
        if check:
            continue
        if text is None:
            path.unlink()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    sys.exit(1 if check and stale else 0)


if __name__ == "__main__":
    main()
