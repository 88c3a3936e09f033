#!/usr/bin/env bash
# Runs a command with a PostgreSQL and a Redis of its own: new ones in a temporary folder, reachable by
# Unix sockets in it only, and gone when the command ends. A system's own servers are never touched.
# Usage: private_servers.sh COMMAND...     "--postgres DSN --redis ADDRESS" is added to the command
set -euo pipefail
[ $# -ge 1 ] || { sed -n '4p' "$0" >&2; exit 2; }
bin=/usr/lib/postgresql/15/bin
for program in "$bin/initdb" redis-server redis-cli; do
  command -v "$program" >/dev/null || {
    echo "private_servers.sh: there is no $program; run scripts/setup.sh" >&2; exit 1; }
done

folder=$(mktemp -d "${TMPDIR:-/tmp}/clientele-servers.XXXXXX")
postgres= redis=
finish() {
  [ -z "$redis" ] || kill -s TERM "$redis" 2>/dev/null || true
  [ -z "$postgres" ] || kill -s INT "$postgres" 2>/dev/null || true
  wait
  rm -rf "$folder"
}
trap finish EXIT

# PostgreSQL refuses to run as root.
as_owner=()
if [ "$(id -u)" -eq 0 ]; then
  chown postgres: "$folder"
  as_owner=(setpriv --reuid postgres --regid postgres --clear-groups)
fi

# await NAME PID LOG COMMAND...: returns when COMMAND, which asks the server, succeeds.
await() {
  local name=$1 server=$2 log=$3 tries
  shift 3
  for ((tries = 0; ; ++tries)); do
    if "$@" >/dev/null 2>&1; then return; fi
    if [ "$tries" -ge 300 ] || ! kill -0 "$server" 2>/dev/null; then
      tail -n 20 "$log" >&2
      echo "private_servers.sh: $name does not start (above)" >&2
      exit 1
    fi
    sleep 0.1
  done
}

cd /
"${as_owner[@]}" "$bin/initdb" -D "$folder/data" --locale=C.UTF-8 -E UTF8 -U clientele --auth=trust \
  >/dev/null
# Sessions of their own, so that Ctrl-C ends the command first; gone at once when this script is killed.
setsid "${as_owner[@]}" setpriv --pdeathsig QUIT "$bin/postgres" -D "$folder/data" -k "$folder" \
  -c listen_addresses= >"$folder/postgres.log" 2>&1 &
postgres=$!
setsid "${as_owner[@]}" setpriv --pdeathsig KILL redis-server --port 0 --unixsocket "$folder/redis.sock" \
  --save '' --appendonly no --dir "$folder" >"$folder/redis.log" 2>&1 &
redis=$!
await PostgreSQL "$postgres" "$folder/postgres.log" "$bin/pg_isready" -q -h "$folder"
await Redis "$redis" "$folder/redis.log" redis-cli -s "$folder/redis.sock" ping
cd "$OLDPWD"
"$@" --postgres "host=$folder user=clientele dbname=postgres" --redis "unix:$folder/redis.sock"
