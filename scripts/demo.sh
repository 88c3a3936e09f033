#!/usr/bin/env bash
# Installs, builds, and runs `clientele demo`: the suite starts, takes purchases in and shows on one
# screen what it makes of them.
# Usage: demo.sh [--purchases FILE --format online-retail|cdnow|rfm-orders|csv] [--postgres] [--once]
#   without --purchases: a made-up business of 2,000 customers
#   --postgres: on a PostgreSQL and a Redis of its own, gone at the end, instead of SQLite; the figures
#   are the same
#   --once: stop after showing; without it the suite stays up until Ctrl-C
set -euo pipefail

purchases= format= postgres= once=
usage() { sed -n '4,8p' "$0" >&2; exit 2; }
while [ $# -gt 0 ]; do
  case $1 in
    --purchases) purchases=$(realpath -- "${2:?}") || usage; shift 2 ;;
    --format) format=${2:?}; shift 2 ;;
    --postgres) postgres=1; shift ;;
    --once) once=1; shift ;;
    *) usage ;;
  esac
done
[ -z "$purchases" ] || [ -n "$format" ] || usage
[ -z "$purchases" ] || [ -r "$purchases" ] || { echo "demo.sh: cannot read $purchases" >&2; exit 1; }

cd "$(dirname "$0")/.."
bash scripts/setup.sh build
bash scripts/build.sh release clientele
demo=(build/release/bin/clientele demo ${purchases:+--purchases "$purchases" --format "$format"}
  ${once:+--once})
if [ -n "$postgres" ]; then
  exec bash scripts/private_servers.sh "${demo[@]}"
fi
exec "${demo[@]}"
