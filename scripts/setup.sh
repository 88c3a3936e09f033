#!/usr/bin/env bash
# Installs what building, testing and running Clientele needs on Debian 12, from Debian's packages.
# Usage: setup.sh [image|build|ci|bench]     image: compile what ships;  build (default): also test it, demo;
#                                            ci: also the lint tools;  bench: also what bench/run.sh compares with
# Needs root or sudo. Quiet; a second run only checks and costs well under a second.
set -euo pipefail

image=(
  build-essential cmake ninja-build ccache mold pkg-config ca-certificates tzdata python3
  libgrpc++-dev libprotobuf-dev protobuf-compiler protobuf-compiler-grpc libabsl-dev
  libsqlite3-dev libpq-dev libssl-dev zlib1g-dev libicu-dev libphonenumber-dev libyaml-cpp-dev libcli11-dev
  nlohmann-json3-dev libcivetweb-dev prometheus-cpp-dev libhiredis-dev libjemalloc-dev
)
build=(
  "${image[@]}" git curl libgtest-dev libgmock-dev libbenchmark-dev postgresql-15 redis-server
  prometheus python3-yaml python3-jsonschema python3-pip unzip openssl
)
ci=(clang-14 clang-tidy-14 clang-format-14 libclang-rt-14-dev npm)
bench=(npm)

case "${1:-build}" in
  image) wanted=("${image[@]}") ;;
  build) wanted=("${build[@]}") ;;
  ci) wanted=("${build[@]}" "${ci[@]}") ;;
  bench) wanted=("${build[@]}" "${bench[@]}") ;;
  *) sed -n '2,5p' "$0" >&2; exit 2 ;;
esac

if [ ! -r /etc/debian_version ]; then
  echo "setup.sh: this is not Debian; install the packages listed in $0 by hand" >&2
  exit 1
fi

missing=()
for package in "${wanted[@]}"; do
  # npm may also come with a Node.js that is not Debian's.
  if [ "$package" = npm ] && command -v npm >/dev/null; then continue; fi
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q '^install ok installed$' \
    || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then exit 0; fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || {
    echo "setup.sh: needs root or sudo to install: ${missing[*]}" >&2; exit 1; }
  as_root=(sudo)
fi
echo "setup: installing ${#missing[@]} packages"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
install_missing() {
  "${as_root[@]}" apt-get update -qq &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -qq --no-install-recommends "${missing[@]}"
}
if ! install_missing >"$log" 2>&1; then
  tail -n 20 "$log" >&2
  echo "setup.sh: installing packages failed (above)" >&2
  exit 1
fi
