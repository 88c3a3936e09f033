#!/usr/bin/env bash
# Packages the Helm charts: each with what it depends on, from this checkout, nothing fetched.
# Usage: charts.sh [OUT]     OUT: where the .tgz files go (default build/charts)
# Uses $HELM, else helm from the PATH (3 or 4), else that of scripts/chart_tools.sh.
set -euo pipefail
cd "$(dirname "$0")/.."
out=$(mkdir -p "${1:-build/charts}" && cd "${1:-build/charts}" && pwd)
helm=$(command -v "${HELM:-helm}") || helm=$(command -v "${HELM:-.tools/charts/helm4}") || {
  echo "charts.sh: there is no helm: install Helm 3 or 4, run scripts/chart_tools.sh, or set HELM to it" >&2; exit 1; }
helm=$(realpath "$helm")

# In a copy, for dependencies are put into the charts' own folders.
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
cp -r helm/. "$copy"
cd "$copy"
for service in profile segmentation loyalty complaints ""; do
  chart=clientele${service:+-$service}
  "$helm" dependency update --skip-refresh "$chart" >/dev/null
  "$helm" package --destination "$out" "$chart"
done
