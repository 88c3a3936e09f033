#!/usr/bin/env python3
"""Checks who includes whom (ARCHITECTURE.md, "Layer rule") and where SQL text may stand.

Usage: lint_layers.py [ROOT]      prints file:line: message per finding; exit code 1 if any
"""
import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]')
SQL = re.compile(r'"\s*(SELECT\s|INSERT\s+INTO\s|UPDATE\s+\w+\s+SET|DELETE\s+FROM\s|CREATE\s+TABLE)')
BUSINESS = re.compile(r"(purchase|complaint|loyalty|rfm|refund)", re.IGNORECASE)

# What the files of a layer may include, besides the standard library.
DOMAIN = ("absl/", "common/chain/", "common/status/", "common/money/", "common/ids/", "common/time/")
STORE = DOMAIN + ("common/sql/", "common/feed/", "common/idempotency/", "common/audit/",
                  "common/filter/", "common/crypto/", "common/key_check/", "common/sealing/",
                  "common/text/")
TEST_ONLY = ("gtest/", "gmock/", "common/testing/", "benchmark/")


# Where the embedded migrations of a service are declared (made by clientele_embed_migrations).
GENERATED = "migrations.h"


def allowed(layer, service, target, is_test):
    own = f"services/{service}/"
    if target.startswith("services/"):
        if not target.startswith(own):
            return "services never include each other"
        order = ["domain", "store", "api", "jobs"]
        part = target[len(own):].split("/")[0]
        if layer == "store" and part == GENERATED:
            return None
        if layer in order and part in order and order.index(part) > order.index(layer):
            return f"{layer} must not include {part}"
        if layer in ("domain", "store") and part not in order + (["testing"] if is_test else []):
            return f"{layer} must not include {target}"
        return None
    if is_test and (target.startswith(TEST_ONLY) or layer == "store"):
        return None
    rules = {"domain": DOMAIN, "store": STORE}.get(layer)
    if rules and not target.startswith(rules):
        return f"{layer} may include only {', '.join(rules)}"
    return None


def check_service_file(path, relative, findings):
    service, layer = relative.parts[1], relative.parts[2]
    if layer not in ("domain", "store", "api", "jobs"):
        return
    is_test = relative.stem.endswith("_test") or "_contract" in relative.stem
    for number, line in enumerate(path.read_text().splitlines(), 1):
        match = INCLUDE.match(line)
        if match and ("/" in match[2] or match[1] == '"'):
            if match[2].startswith(("sys/", "zlib")) and is_test:
                continue
            problem = allowed(layer, service, match[2], is_test)
            if problem:
                findings.append(f"{relative}:{number}: includes {match[2]}: {problem}")
        is_sql_file = layer == "store" and relative.name.startswith("sql")
        if SQL.search(line) and not is_sql_file and not is_test:
            findings.append(f"{relative}:{number}: SQL text belongs into store/sql*.h")


def check_common_file(path, relative, findings):
    for number, line in enumerate(path.read_text().splitlines(), 1):
        match = INCLUDE.match(line)
        if match and match[2].startswith(("services/", "cli/")):
            findings.append(f"{relative}:{number}: common must not include {match[2]}")
        code = line.split("//")[0]
        if BUSINESS.search(code) and not relative.stem.endswith("_test"):
            findings.append(f"{relative}:{number}: business word in common: {line.strip()}")


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    findings = []
    for path in sorted(root.glob("services/*/*/**/*")):
        if path.suffix in (".h", ".cc"):
            check_service_file(path, path.relative_to(root), findings)
    for path in sorted(root.glob("common/**/*")):
        if path.suffix in (".h", ".cc"):
            check_common_file(path, path.relative_to(root), findings)
    print("\n".join(findings) if findings else "layers: ok")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
