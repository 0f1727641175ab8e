#!/bin/bash
# Runs the browser tests against a demo town of its own: a data directory that is thrown away, a port
# that the kernel picks, and a server that ends with this script. ONLY="part of a test's name" runs only those; arguments are parts of files' names.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d /tmp/jingwei-browser.XXXXXX)
chmod 755 "$work"
server=
finish() {
  if [ -n "$server" ]; then
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  fi
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

bin/jingwei demo --city town --people "${PEOPLE:-12000}" --seed 1 --listen 127.0.0.1:0 \
  --data-dir "$work/data" --url-file "$work/url" --accounts-file "$work/accounts.json" >"$work/log" 2>&1 &
server=$!
for _ in $(seq 600); do
  [ -s "$work/url" ] && break
  kill -0 "$server" 2>/dev/null || { cat "$work/log"; echo "the demo server ended before it was ready"; exit 1; }
  sleep 0.2
done
[ -s "$work/url" ] || { cat "$work/log"; echo "the demo server wasn't ready after two minutes"; exit 1; }

cd web
JINGWEI_URL=$(cat "$work/url") JINGWEI_ACCOUNTS="$work/accounts.json" npm run --silent test:browser -- "$@" ${ONLY:+-t "$ONLY"}
