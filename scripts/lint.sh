#!/usr/bin/env bash
# Runs every lint: format, sizes, layers, protos (buf), and includes and clang-tidy on what changed
# lately.
# Usage: lint.sh [BUILD_DIR]     BUILD_DIR: a build (default build/asan-ubsan), whose compile
#                                commands these two use, without the precompiled header
set -euo pipefail
cd "$(dirname "$0")/.."
build_dir=${1:-build/asan-ubsan}

echo "lint: format"
git ls-files '*.cc' '*.h' | xargs clang-format-14 --dry-run -Werror
echo "lint: sizes, layers, reasons, schema"
python3 scripts/lint_sizes.py
python3 scripts/lint_layers.py
python3 scripts/lint_reasons.py
python3 scripts/lint_schema.py

echo "lint: protos"
if [ ! -x .tools/node_modules/.bin/buf ]; then
  npm install --prefix .tools --no-fund --no-audit --silent @bufbuild/buf@1.75.0
fi
(cd proto && ../.tools/node_modules/.bin/buf lint)

[ -r "$build_dir/compile_commands.json" ] || {
  echo "lint.sh: $build_dir/compile_commands.json is missing; build that preset first" >&2; exit 1; }
generated=$(cmake --build "$build_dir" --target clientele_generated 2>&1) || {
  echo "$generated" >&2; exit 1; }
first=$(git rev-list --max-count=16 HEAD | tail -n 1)
mapfile -t changed < <(git diff --name-only --diff-filter=d "$first" HEAD -- '*.cc')

echo "lint: includes of the files of the last 15 commits"
python3 scripts/lint_includes.py "$build_dir" "${changed[@]}"

echo "lint: clang-tidy on the files of the last 15 commits, at most 40"
printf '%s\n' "${changed[@]:0:40}" \
  | xargs -r -P 2 -n 4 clang-tidy-14 --quiet -p "$build_dir/without_pch" \
    --extra-arg=-Wno-unknown-warning-option 2>/dev/null
echo "lint: done"
