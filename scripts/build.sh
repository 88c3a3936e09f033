#!/usr/bin/env bash
# Configures and builds one preset, quietly; prints the tail of the log when it fails.
# Usage: build.sh PRESET [TARGET...]
set -euo pipefail
[ $# -ge 1 ] || { sed -n '2,3p' "$0" >&2; exit 2; }
cd "$(dirname "$0")/.."
preset=$1; shift
mkdir -p build
log=build/$preset.log
echo "build: $preset (log: $log)"
start=$SECONDS
if ! { cmake --preset "$preset" && cmake --build --preset "$preset" ${1:+--target "$@"}; } \
    >"$log" 2>&1; then
  tail -n 60 "$log" >&2
  echo "build.sh: $preset failed (above; whole log: $log)" >&2
  exit 1
fi
echo "build: $preset done in $((SECONDS - start)) s"
