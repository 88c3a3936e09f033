#!/usr/bin/env bash
# Installs, builds, starts the suite, takes in purchases and shows what it makes of them.
# Usage: demo.sh [--purchases FILE --format online-retail|cdnow|rfm-orders|csv] [--once]
#   without --purchases: 2,000 made-up customers of `clientele generate`
#   --once: stop after showing; without it the suite stays up until Ctrl-C
set -euo pipefail
cd "$(dirname "$0")/.."

purchases= format= once=
usage() { sed -n '3,5p' "$0" >&2; exit 2; }
while [ $# -gt 0 ]; do
  case $1 in
    --purchases) purchases=$(realpath -- "${2:?}") || usage; shift 2 ;;
    --format) format=${2:?}; shift 2 ;;
    --once) once=1; shift ;;
    *) usage ;;
  esac
done
[ -z "$purchases" ] || [ -n "$format" ] || usage
[ -z "$purchases" ] || [ -r "$purchases" ] || { echo "demo.sh: cannot read $purchases" >&2; exit 1; }

bash scripts/setup.sh build
bash scripts/build.sh release clientele

folder=$(mktemp -d "${TMPDIR:-/tmp}/clientele-demo.XXXXXX")
pid=
cleanup() {
  if [ -n "$pid" ]; then kill -TERM "$pid" 2>/dev/null && wait "$pid" || true; fi
  rm -rf "$folder"
}
trap cleanup EXIT
trap 'exit 0' INT TERM

ports=(); [ -z "$once" ] || ports=(--ports 0)
mkfifo "$folder/ready"
build/release/bin/clientele up --data-dir "$folder/data" "${ports[@]}" \
  >"$folder/ready" 2>"$folder/log" &
pid=$!
read -r ready <"$folder/ready" || { tail -n 5 "$folder/log" >&2; exit 1; }

clientele() { build/release/bin/clientele "$@" --data-dir "$folder/data"; }

if [ -n "$purchases" ]; then
  echo; echo "== Purchases in =="
  clientele import purchases --format "$format" "$purchases"
else
  echo; echo "== A made-up business: clientele generate --customers 2000 --seed 1 =="
  clientele generate --customers 2000 --seed 1 --out "$folder/sample"
  for file in customers purchases refunds; do
    echo; echo "== ${file^} in =="
    clientele import "$file" --format csv "$folder/sample/$file.csv"
  done
fi
as_of=$(clientele watch profile --stop-at-head --types clientele.profile.purchase.recorded.v1 \
  2>/dev/null | python3 -c '
import datetime, json, sys
last = max(json.loads(line)["occur_time"][:10] for line in sys.stdin)
print(datetime.date.fromisoformat(last) + datetime.timedelta(days=1))')

echo; echo "== Who they are on $as_of: recency, frequency, monetary =="
clientele rfm run --as-of "$as_of" --method quantile --bins 5 --rules growth-11 --force

echo; echo "== Where things are =="
python3 - "$folder/data/endpoints.json" <<'P'
import json, sys
at = json.load(open(sys.argv[1]))
for name, address in at.items():
    if name != "ops":
        print(f"{name:13} gRPC with reflection at {address}")
print(f"metrics       http://{at['ops']}/metrics")
print(f"health        http://{at['ops']}/readyz")
P
echo "an RPC        build/release/bin/clientele call clientele.segmentation.v1.AnalyticsService/CountBuyers --data-dir $folder/data"
echo "the feed      build/release/bin/clientele watch profile --data-dir $folder/data"

if [ -z "$once" ]; then
  echo; echo "The suite stays up; Ctrl-C ends it."
  wait "$pid"
fi
