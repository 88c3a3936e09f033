#!/usr/bin/env bash
# Builds a kube-apiserver, for tests/deploy/chart_admission_test.py: as the Go module it is, by `go`
# (1.26 or newer), in some ten minutes on two cores. It also wants the program `etcd` (Debian: etcd-server).
# Usage: kubernetes_api.sh     makes .tools/kubernetes/kube-apiserver; a second run only checks.
set -euo pipefail
cd "$(dirname "$0")/.."
readonly version=1.37.2 staging=v0.37.2
dir=$PWD/.tools/kubernetes
[ ! -x "$dir/kube-apiserver" ] || exit 0
mkdir -p "$dir"
module=$(mktemp -d)
trap 'rm -rf "$module"' EXIT
cd "$module"

go mod init example.invalid/kubernetes
# Its own go.mod takes these modules from folders beside it; published, they have versions.
published=$(go mod download -json "k8s.io/kubernetes@v$version" |
  python3 -c 'import json, sys; print(json.load(sys.stdin)["GoMod"])')
go mod edit -json "$published" |
  python3 -c 'import json, sys
for replaced in json.load(sys.stdin)["Replace"]:
    print(replaced["Old"]["Path"])' |
  while read -r name; do go mod edit -replace "$name=$name@$staging"; done
go get "k8s.io/kubernetes/cmd/kube-apiserver@v$version"
CGO_ENABLED=0 go build -o "$dir/kube-apiserver" \
  -ldflags "-s -w -X k8s.io/component-base/version.gitVersion=v$version" \
  k8s.io/kubernetes/cmd/kube-apiserver
