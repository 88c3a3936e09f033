#!/usr/bin/env bash
# Runs every lint: format, sizes, layers, protos (buf), clang-tidy on what changed lately.
# Usage: lint.sh [BUILD_DIR]     BUILD_DIR: a build made with CLIENTELE_PCH=OFF (default
#                                build/asan-ubsan); clang-tidy reads its compile commands
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

echo "lint: clang-tidy on the files of the last 15 commits, at most 40"
[ -r "$build_dir/compile_commands.json" ] || {
  echo "lint.sh: $build_dir/compile_commands.json is missing; build that preset first" >&2; exit 1; }
first=$(git rev-list --max-count=16 HEAD | tail -n 1)
git diff --name-only --diff-filter=d "$first" HEAD -- '*.cc' | head -n 40 \
  | xargs -r -P 2 -n 4 clang-tidy-14 --quiet -p "$build_dir" \
    --extra-arg=-Wno-unknown-warning-option 2>/dev/null
echo "lint: done"
