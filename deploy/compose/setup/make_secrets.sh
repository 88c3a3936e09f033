#!/usr/bin/env bash
# Makes the passwords of PostgreSQL's roles and the services' keys, those that are not there yet.
# Usage: make_secrets.sh FOLDER
# Everybody in the containers that have the folder may read the passwords; the keys are the services'.
set -euo pipefail
folder=$1
readonly service_user=10001

# write_once NAME COMMAND...: what the command prints becomes the file, whole or not at all.
write_once() {
  local file=$folder/$1
  shift
  [ ! -e "$file" ] || return 0
  "$@" >"$file.part"
  mv "$file.part" "$file"
}

random_password() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

for role in postgres clientele_owner clientele_profile clientele_segmentation clientele_loyalty \
  clientele_complaints; do
  write_once "$role" random_password
done
key_encryption_key() { echo "k-1 $(head -c 32 /dev/urandom | base64)"; }

write_once key head -c 32 /dev/urandom
write_once kek key_encryption_key
chmod 0444 "$folder"/postgres "$folder"/clientele_*
chmod 0400 "$folder"/{key,kek}
chown "$service_user" "$folder"/{key,kek}
