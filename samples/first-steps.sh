#!/usr/bin/env bash
# The first five minutes with Avouch, by hand: sign up, sign in, ask who I am, refresh, sign out.
set -euo pipefail
api=${AVOUCH:-http://localhost:8080}/api/v1
json='Content-Type: application/json'

curl -sS -X POST $api/auth/register -H "$json" \
     -d '{"username":"alice","email":"alice@example.com","password":"correct horse 42","full_name":"Alice"}'; echo

tokens=$(curl -sS -X POST $api/auth/login -H "$json" -d '{"username":"alice","password":"correct horse 42"}'); echo "$tokens"
access=$(sed 's/.*"access_token":"\([^"]*\)".*/\1/' <<<"$tokens")
refresh=$(sed 's/.*"refresh_token":"\([^"]*\)".*/\1/' <<<"$tokens")

curl -sS $api/users/me -H "Authorization: Bearer $access"; echo
curl -sS -X POST $api/auth/refresh -H "$json" -d "{\"refresh_token\":\"$refresh\"}"; echo
curl -sS -X POST $api/auth/logout -H "Authorization: Bearer $access"; echo
curl -sS $api/users/me -H "Authorization: Bearer $access"; echo     # refused: the session has ended, and so has its token
