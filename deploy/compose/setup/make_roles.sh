#!/usr/bin/env bash
# Makes the roles and schemas in the database that libpq's variables name, and gives the roles their
# passwords. A second run changes nothing.
# Usage: make_roles.sh SECRETS_FOLDER ROLES_SQL
set -euo pipefail
folder=$1
roles_sql=$2
PGPASSWORD=$(cat "$folder/postgres")
export PGPASSWORD
# Not every engine waits for the database's health check.
for _ in {1..60}; do
  if pg_isready -q; then break; fi
  sleep 1
done
psql -X -q -v ON_ERROR_STOP=1 -f "$roles_sql"
for role in clientele_owner clientele_profile clientele_segmentation clientele_loyalty \
  clientele_complaints; do
  psql -X -q -v ON_ERROR_STOP=1 -v role="$role" -v password="$(cat "$folder/$role")" \
    <<<"ALTER ROLE :\"role\" PASSWORD :'password'"
done
