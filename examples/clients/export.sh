#!/bin/sh
# Asks for the export of a signed-in user's data and fetches it, with curl.
#
#   RIGHTSDESK_TOKEN=rdk_… ./export.sh https://rights.example.org user=1842 export.zip
#
# The token needs requests:create, requests:assert, requests:read and archives:read. Needs curl 7.71,
# jq, sha256sum and minisign. Waits by looking again; export.py can also wait for a webhook.
set -eu

[ "$#" -eq 3 ] || { sed -n '2,8p' "$0" >&2; exit 2; }
: "${RIGHTSDESK_TOKEN:?is not set}"
base=${1%/} subject=$2 out=$3
wait=${RIGHTSDESK_WAIT:-5}  # Seconds between two looks.
kind=${subject%%=*} value=${subject#*=}
part=$out.part

# The token is handed to curl in a file that only curl reads, so that `ps` does not show it.
api() {
    printf 'header = "Authorization: Bearer %s"\n' "$RIGHTSDESK_TOKEN" |
        curl --silent --show-error --config - --retry 5 --retry-connrefused --max-time 60 "$@"
}

# A key of the subject and the day: called again today, this is the same request.
key=export-$(printf '%s %s' "$subject" "$(date -u +%F)" | sha256sum | cut -c1-32)
if [ "$kind" = email ]; then
    who=$(jq -n --arg value "$value" '{email: $value}')
else
    who=$(jq -n --arg kind "$kind" --arg value "$value" '{identifiers: {($kind): $value}}')
fi
body=$(jq -n --argjson who "$who" '{right: "export", verification: "asserted"} + $who')

request=$(api --fail-with-body --request POST "$base/api/v1/requests" \
    --header 'Content-Type: application/json' --header "Idempotency-Key: $key" --data "$body") ||
    { printf '%s\n' "$request" >&2; exit 1; }
id=$(printf %s "$request" | jq -r .id)
printf 'request %s\n' "$(printf %s "$request" | jq -r .reference)" >&2

while :; do
    request=$(api --fail "$base/api/v1/requests/$id")
    case $(printf %s "$request" | jq -r .status) in
        fulfilled) break ;;
        refused | withdrawn | lapsed)
            printf 'ended: %s\n' "$(printf %s "$request" | jq -r .status)" >&2
            exit 1 ;;
    esac
    sleep "$wait"
done
sha256=$(printf %s "$request" | jq -r '.archive.sha256 // empty')
[ -n "$sha256" ] || { echo 'nothing was found, or the archive is gone' >&2; exit 1; }

# From where the last try ended, until it is whole. If-Range: another archive begins anew.
umask 077
tries=0
until [ "$(sha256sum "$part" 2>/dev/null | cut -d' ' -f1)" = "$sha256" ]; do
    tries=$((tries + 1))
    [ "$tries" -le 100 ] || { echo 'given up after 100 tries' >&2; exit 1; }
    [ "$tries" -eq 1 ] || sleep 1
    code=0
    printf 'header = "Authorization: Bearer %s"\n' "$RIGHTSDESK_TOKEN" |
        curl --silent --config - --fail --continue-at - --header "If-Range: \"$sha256\"" \
            --output "$part" "$base/api/v1/requests/$id/archive" || code=$?
    # It came to its end, or another archive lies there: then what is here has to be the one.
    case $code in
        0 | 33) [ "$(sha256sum "$part" | cut -d' ' -f1)" = "$sha256" ] || rm -f "$part" ;;
    esac
done
mv "$part" "$out"

# The archive's own signature, over its manifest, with the published key.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
curl --silent --fail "$base/.well-known/rightsdesk-signing-key.pub" > "$scratch/key.pub"
unzip -q "$out" manifest.json manifest.json.minisig -d "$scratch"
minisign -V -q -p "$scratch/key.pub" -m "$scratch/manifest.json" >&2
printf '%s: %s bytes, sha256 and signature are right\n' "$out" "$(wc -c < "$out")" >&2
