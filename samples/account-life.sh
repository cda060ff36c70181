#!/usr/bin/env bash
# The life of an account, without mail: sign up, verify the address, change the password, reset a forgotten one, get a role, sign in.
# Starts a server of its own in a temporary folder, in development and with AVOUCH_DEV_TOKENS=true, and ends it.
#
#   samples/account-life.sh               builds the server first
#   samples/account-life.sh PROGRAM       with an avouch that is there already
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
program=$(realpath "${1:-$here/../src/Avouch.Server/bin/Release/net10.0/avouch}")
[ $# -gt 0 ] || dotnet build "$here/../src/Avouch.Server" -c Release -v quiet -nologo

folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || { kill "$server" 2> /dev/null; wait "$server"; } || true; rm -rf "$folder"' EXIT
cd "$folder"
avouch() { "$program" "$@"; }

AVOUCH_ENVIRONMENT=development AVOUCH_DEV_TOKENS=true AVOUCH_PUBLIC_URL=http://localhost:8080 "$program" serve --urls http://127.0.0.1:0 > serve.log 2>&1 &
server=$!
for _ in $(seq 300); do
    AVOUCH=$(sed -n 's/^  \(http:[^ ]*\).*/\1/p' serve.log | head -n 1)
    [ -z "$AVOUCH" ] && kill -0 "$server" 2> /dev/null || break
    sleep 0.1
done
[ -n "$AVOUCH" ] || { cat serve.log >&2; exit 1; }

api=${AVOUCH:-http://localhost:8080}/api/v1
json='Content-Type: application/json'
field() { sed "s/.*\"$1\":\"\([^\"]*\)\".*/\1/"; }        # one text out of an answer
secret() { sed 's/.*(DEV ONLY): \([^"]*\)".*/\1/'; }       # what else only a mail says

curl -sS -X POST $api/auth/register -H "$json" -d '{"username":"bob","email":"bob@example.com","password":"correct horse 42"}'; echo
access=$(curl -sS -X POST $api/auth/login -H "$json" -d '{"username":"bob","password":"correct horse 42"}' | field access_token)

answer=$(curl -sS -X POST $api/auth/email/verification/request -H "Authorization: Bearer $access"); echo "$answer"
curl -sS -X POST $api/auth/email/verification/confirm -H "$json" -d "{\"token\":\"$(secret <<<"$answer")\"}"; echo

curl -sS -X POST $api/auth/password/change -H "Authorization: Bearer $access" -H "$json" \
     -d '{"current_password":"correct horse 42","new_password":"battery staple 43"}'; echo

answer=$(curl -sS -X POST $api/auth/password/reset/request -H "$json" -d '{"email":"bob@example.com"}'); echo "$answer"
curl -sS -X POST $api/auth/password/reset/confirm -H "$json" -d "{\"token\":\"$(secret <<<"$answer")\",\"new_password\":\"purple window 44\"}"; echo

bob=$(curl -sS -X POST $api/auth/login -H "$json" -d '{"username":"bob","password":"purple window 44"}')
curl -sS $api/users/me -H "Authorization: Bearer $(field access_token <<<"$bob")"; echo

echo 'wooden spoon 45' | avouch users add root@example.com --username root --admin
admin=$(curl -sS -X POST $api/auth/login -H "$json" -d '{"username":"root","password":"wooden spoon 45"}' | field access_token)
curl -sS -X POST $api/admin/roles -H "Authorization: Bearer $admin" -H "$json" -d '{"name":"editor","permissions":["articles:write"]}'; echo
id=$(curl -sS "$api/users?q=bob" -H "Authorization: Bearer $admin" | field id)
curl -sS -X PATCH $api/users/$id -H "Authorization: Bearer $admin" -H "$json" -d '{"roles":["user","editor"]}'; echo

curl -sS $api/users/me -H "Authorization: Bearer $(field access_token <<<"$bob")"; echo      # token_stale: refresh, and go on
bob=$(curl -sS -X POST $api/auth/refresh -H "$json" -d "{\"refresh_token\":\"$(field refresh_token <<<"$bob")\"}")
curl -sS $api/users/me -H "Authorization: Bearer $(field access_token <<<"$bob")"; echo
