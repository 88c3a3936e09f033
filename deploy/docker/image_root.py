"""Makes the folder that becomes the root of an image: one program with all that it loads.

Usage: image_root.py [--version VERSION] PROGRAM ROOT

Copies PROGRAM to ROOT/usr/bin, the shared libraries it loads to where they are on this Debian, the
certificates of the public authorities and the time zones; makes the user clientele (uid 10001) and
the folder for data, which belongs to it; and lists everything, with the Debian packages it is from, in
ROOT/usr/share/sbom/PROGRAM.spdx.json (SPDX 2.3): also those that are compiled into PROGRAM.
"""
import argparse
import datetime
import hashlib
import itertools
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

USER_ID = 10001
# Not seen by the loader, and needed all the same.
MORE_FILES = ("/etc/ssl/certs/ca-certificates.crt",)
MORE_FOLDERS = ("/usr/share/zoneinfo",)
# Compiled into every program, with no library that could be seen: header-only.
COMPILED_IN = ("libcli11-dev", "nlohmann-json3-dev")
PASSWD = f"clientele:x:{USER_ID}:{USER_ID}:Clientele:/var/lib/clientele:/nonexistent\n"
GROUP = f"clientele:x:{USER_ID}:\n"


def libraries_of(program):
    """The files of the shared libraries that `program` loads, and of the loader itself."""
    listing = subprocess.run(["ldd", program], check=True, capture_output=True, text=True).stdout
    if "not found" in listing:
        sys.exit(f"image_root.py: {program} misses libraries:\n{listing}")
    return sorted(set(re.findall(r"(/\S+) \(0x", listing)))


def copy(source, root):
    """Copies the file that `source` names to the same place under `root`, links followed."""
    target = pathlib.Path(str(root) + source)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(os.path.realpath(source), target)


def names_of(file):
    """The paths by one of which dpkg knows a file: where its package put it, which may be before
    /lib became a link to /usr/lib."""
    real = os.path.realpath(file)
    return file, real, real.removeprefix("/usr")


def owners_of(files):
    """The Debian packages that `files` are of."""
    names = {file: names_of(file) for file in files}
    found = subprocess.run(["dpkg-query", "-S", *itertools.chain(*names.values())],
                           capture_output=True, text=True).stdout
    owners = {path: owner for owner, path in
              re.findall(r"^([^:,\s]+)(?::\w+)?(?:, \S+)*: (/.*)$", found, re.MULTILINE)}
    for file, known_as in names.items():
        if not any(name in owners for name in known_as):
            sys.exit(f"image_root.py: no Debian package owns {file}")
    return sorted(set(owners.values()))


def package_of(name):
    """The SPDX description of an installed Debian package."""
    version, arch, source = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Version}\t${Architecture}\t${source:Package}\n", name],
        check=True, capture_output=True, text=True).stdout.splitlines()[0].split("\t")
    return {
        "SPDXID": f"SPDXRef-{name.replace('+', '-plus')}",
        "name": name,
        "versionInfo": version,
        "supplier": "Organization: Debian",
        "sourceInfo": f"built from Debian's source package {source}",
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": "NOASSERTION",
        "copyrightText": f"as /usr/share/doc/{name}/copyright says",
        "externalRefs": [{
            "referenceCategory": "PACKAGE-MANAGER",
            "referenceType": "purl",
            "referenceLocator": f"pkg:deb/debian/{name}@{version}?arch={arch}&distro=debian-12",
        }],
    }


def relationships_of(parts):
    """How the program stands to the SPDX descriptions of the packages it is made of."""
    for part in parts:
        kind = "STATIC_LINK" if part["name"] in COMPILED_IN else "DEPENDS_ON"
        yield {"spdxElementId": "SPDXRef-program", "relationshipType": kind,
               "relatedSpdxElement": part["SPDXID"]}


def list_of_contents(program, version, packages):
    """The SPDX document of an image."""
    digest = hashlib.sha256(program.read_bytes()).hexdigest()
    ours = {
        "SPDXID": "SPDXRef-program",
        "name": program.name,
        "versionInfo": version,
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "checksums": [{"algorithm": "SHA256", "checksumValue": digest}],
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": "NOASSERTION",
        "copyrightText": "NOASSERTION",
    }
    now = datetime.datetime.now(datetime.timezone.utc)
    parts = [package_of(name) for name in packages]
    return {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"{program.name}-{version}",
        "documentNamespace": f"urn:clientele:sbom:{program.name}:{digest}",
        "creationInfo": {"created": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
                         "creators": ["Tool: clientele-image_root"]},
        "packages": [ours, *parts],
        "relationships": [
            {"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES",
             "relatedSpdxElement": "SPDXRef-program"},
            *relationships_of(parts),
        ],
    }


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def make_root(program, root, version):
    # Debian's merged /usr, so that the loader is found where the program names it.
    for link in ("bin", "lib", "lib64", "sbin"):
        (root / "usr" / link).mkdir(parents=True, exist_ok=True)
        (root / link).symlink_to(f"usr/{link}")
    shutil.copy2(program, root / "usr/bin" / program.name)
    files = [*libraries_of(program), *MORE_FILES]
    for file in files:
        copy(file, root)
    for folder in MORE_FOLDERS:
        shutil.copytree(folder, str(root) + folder, symlinks=True)
    # ca-certificates.crt is made when its package is installed, and owned by none.
    packages = {*owners_of(file for file in files if file not in MORE_FILES), *owners_of(MORE_FOLDERS),
                "ca-certificates", *COMPILED_IN}
    for name in packages:
        copy(f"/usr/share/doc/{name}/copyright", root)
    write(root / "etc/passwd", PASSWD)
    write(root / "etc/group", GROUP)
    sbom = list_of_contents(program, version, sorted(packages))
    write(root / f"usr/share/sbom/{program.name}.spdx.json", json.dumps(sbom, indent=1) + "\n")
    subprocess.run(["ldconfig", "-r", root], check=True)
    data = root / "var/lib/clientele"
    data.mkdir(parents=True)
    os.chown(data, USER_ID, USER_ID)
    data.chmod(0o700)
    temporary = root / "tmp"
    temporary.mkdir()
    temporary.chmod(0o1777)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--version", default="0")
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("root", type=pathlib.Path)
    options = parser.parse_args()
    make_root(options.program, options.root, options.version)


if __name__ == "__main__":
    main()
