#!/bin/bash
# Makes the database when the volume is empty, brings roles, schemas and extensions up to date (bootstrap.sql, the same that the
# embedded server runs), then becomes the server. Arguments are passed to it.
#
# The password of a role: the file /run/secrets/<role>_password, else the variable <role>_password, else one made up at the first start
# and kept in the volume beside the data. The superuser `postgres` has none, and so no way in over the network, unless postgres_password is given.
set -euo pipefail
umask 077

home=/var/lib/postgresql/17
secrets=${SECRETS_DIR:-/run/secrets}
settings=/etc/capitania/capitania.conf
script=/usr/share/capitania/bootstrap.sql

[ "$(id -u)" -ne 0 ] || { echo "this image does not run as root: leave its user postgres" >&2; exit 1; }

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  # A run that was cut off leaves nothing that a later one would take for a database.
  rm -rf "$home/new"
  initdb -D "$home/new" -U postgres --auth-local=peer --auth-host=scram-sha-256 --encoding=UTF8 --locale=C --locale-provider=builtin \
    --builtin-locale=C.UTF-8 --data-checksums --no-instructions
  echo "include '$settings'" >> "$home/new/postgresql.conf"
  mv "$home/new" "$PGDATA"
fi

password_of() {
  local name=$1_password
  if [ -s "$secrets/$name" ]; then
    tr -d '\r\n' < "$secrets/$name"
  elif [ -n "${!name:-}" ]; then
    printf '%s' "${!name}"
  elif [ "$1" != postgres ]; then
    mkdir -p "$home/passwords"
    [ -s "$home/passwords/$1" ] || head -c 24 /dev/urandom | basenc --base64url | tr -d '=\n' > "$home/passwords/$1"
    cat "$home/passwords/$1"
  fi
}

for role in $(grep -o '\${[a-z_]*_password}' "$script" | sed 's/^..//; s/_password}$//' | sort -u) postgres; do
  password=$(password_of "$role")
  # The script has them in quotes: what could end those is refused, not escaped.
  [[ $password =~ ^[A-Za-z0-9_-]*$ ]] || { echo "the password of $role may have letters, digits, _ and - only" >&2; exit 1; }
  export "${role}_password=$password"
done

# On the socket alone: who waits for the server on the network meets a finished one.
pg_ctl -D "$PGDATA" -w -t 300 -s -o "-c listen_addresses=''" start
# What the script does at each start is no audit worth keeping.
psql() { PGOPTIONS="-c pgaudit.log=none" command psql -X -q -v ON_ERROR_STOP=1 -U postgres "$@"; }
[ "$(psql -d postgres -Atc "SELECT count(*) FROM pg_database WHERE datname = 'capitania'")" = 1 ] || psql -d postgres -c 'CREATE DATABASE capitania'
# shellcheck disable=SC2016
envsubst "$(grep -o '\${[a-z_]*_password}' "$script" | sort -u | tr '\n' ' ')" < "$script" | psql -d capitania --single-transaction -f -
if [ -n "$postgres_password" ]; then
  psql -d postgres -c "ALTER ROLE postgres PASSWORD '$postgres_password'"
fi
pg_ctl -D "$PGDATA" -w -s -m fast stop

for name in $(compgen -e | grep '_password$'); do unset "$name"; done
exec postgres -D "$PGDATA" "$@"
