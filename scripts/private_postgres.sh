#!/usr/bin/env bash
# Runs a command with a PostgreSQL of its own: a new cluster in a temporary folder, reachable by a Unix
# socket in it only, and gone when the command ends. A system cluster is never touched.
# Usage: private_postgres.sh COMMAND...     the server's DSN is added as the command's last argument
set -euo pipefail
[ $# -ge 1 ] || { sed -n '4p' "$0" >&2; exit 2; }
bin=/usr/lib/postgresql/15/bin
[ -x "$bin/initdb" ] || {
  echo "private_postgres.sh: there is no PostgreSQL in $bin; run scripts/setup.sh" >&2; exit 1; }

folder=$(mktemp -d "${TMPDIR:-/tmp}/clientele-pg.XXXXXX")
server=
finish() {
  if [ -n "$server" ]; then
    kill -s INT "$server" 2>/dev/null || true
    wait "$server" || true
  fi
  rm -rf "$folder"
}
trap finish EXIT

# PostgreSQL refuses to run as root.
as_owner=()
if [ "$(id -u)" -eq 0 ]; then
  chown postgres: "$folder"
  as_owner=(setpriv --reuid postgres --regid postgres --clear-groups)
fi
cd /
log=$folder/log
"${as_owner[@]}" "$bin/initdb" -D "$folder/data" --locale=C.UTF-8 -E UTF8 -U clientele --auth=trust \
  >/dev/null
# A session of its own, so that Ctrl-C ends the command first; gone at once when this script is killed.
setsid "${as_owner[@]}" setpriv --pdeathsig QUIT "$bin/postgres" -D "$folder/data" -k "$folder" \
  -c listen_addresses= >"$log" 2>&1 &
server=$!
for ((tries = 0; ; ++tries)); do
  if "$bin/pg_isready" -q -h "$folder"; then break; fi
  if [ "$tries" -ge 300 ] || ! kill -0 "$server" 2>/dev/null; then
    tail -n 20 "$log" >&2
    echo "private_postgres.sh: PostgreSQL does not start (above)" >&2
    exit 1
  fi
  sleep 0.1
done
cd "$OLDPWD"
"$@" "host=$folder user=clientele dbname=postgres"
