#!/bin/sh
# Walks one lead through its life in a running service, with curl alone: it comes in, does things, is scored, handed
# over, worked and decided, is looked back at, and is erased. Afterwards nothing of it is left.
#
#   LEADSIFT_KEY=ls_... examples/crm/walk.sh [http://127.0.0.1:8000]
#
# The key needs the role crm; before any key was made, the token of the one-time link does as well. The attributes are
# those of the sample company (`make demo`); give your own as ATTRIBUTES='{"sector": "Software"}'.
set -eu

url=${1:-http://127.0.0.1:8000}
: "${LEADSIFT_KEY:?set it to an API key, see: leadsift keys create --role crm --name walk}"
attributes=${ATTRIBUTES:-'{"sector": "Software", "employees": 120, "country": "ES", "role": "Manager"}'}

lead=walk-$(date +%s)-$$
now=$(date -u +%Y-%m-%dT%H:%M:%SZ)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# call WHAT EXPECTED-STATUS METHOD PATH [BODY [IDEMPOTENCY-KEY]]
call() {
    printf '\n== %s\n   %s %s\n' "$1" "$3" "$4"
    if [ $# -gt 4 ]; then printf '   %s\n' "$5"; fi
    {   # read from a file, the key stands in no list of processes
        printf 'header = "Authorization: Bearer %s"\n' "$LEADSIFT_KEY"
        if [ $# -gt 5 ]; then printf 'header = "Idempotency-Key: %s"\n' "$6"; fi
    } > "$folder/config"
    set -- "$2" "$3" "$4" "${5-}"
    status=$(printf '%s' "$4" | curl --silent --show-error --max-time 30 --config "$folder/config" \
        --request "$2" "$url$3" ${4:+--header 'Content-Type: application/json' --data-binary @-} \
        --output "$folder/answer" --dump-header "$folder/headers" --write-out '%{http_code}')
    grep -i '^idempotency-replayed' "$folder/headers" | sed 's/^/   /' || true
    printf -- '-> %s\n' "$status"
    jq . "$folder/answer" > "$folder/shown" 2> "$folder/no-jq" || cp "$folder/answer" "$folder/shown"
    if [ "$(wc -l < "$folder/shown")" -le 60 ]; then
        cat "$folder/shown"
    else
        head -n 40 "$folder/shown"
        echo '...'
        tail -n 10 "$folder/shown"
    fi
    if [ "$status" != "$1" ]; then
        echo "walk.sh: expected status $1, got $status; the answer above says why" >&2
        exit 1
    fi
}

call 'Is there a model to score with?' 200 GET /readyz

call 'A lead comes in' 201 PUT "/v1/leads/$lead" "{\"attributes\": $attributes}" "$lead-in"

call 'Was that received? Sent again with the same key, it is not done twice' \
    201 PUT "/v1/leads/$lead" "{\"attributes\": $attributes}" "$lead-in"

call 'It does things; what is wrong with one event harms no other' 200 POST /v1/events \
    "{\"events\": [
      {\"event_id\": \"$lead-1\", \"lead_id\": \"$lead\", \"type\": \"download\", \"occurred_at\": \"$now\", \"content\": \"guide-3\"},
      {\"event_id\": \"$lead-2\", \"lead_id\": \"$lead\", \"type\": \"page_view\", \"occurred_at\": \"$now\"},
      {\"event_id\": \"$lead-3\", \"lead_id\": \"nobody-$lead\", \"type\": \"page_view\", \"occurred_at\": \"$now\"}]}" "$lead-did"

call 'Its score as of now, from all that is stored' 200 GET "/v1/leads/$lead/score"

call 'Marketing hands it over; that score is kept for reports' 200 PUT "/v1/leads/$lead" \
    "{\"attributes\": $attributes, \"handed_over_at\": \"$now\", \"owner\": \"Ana\"}" "$lead-over"

call 'What should Ana do next?' 200 GET '/v1/worklist?capacity=1&owner=Ana'

call 'Sales accepts it, and says which content was of use' 200 POST /v1/outcomes \
    "{\"lead_id\": \"$lead\", \"outcome\": \"sql\", \"decided_at\": \"$now\", \"first_touch_at\": \"$now\", \"useful_content\": [\"guide-3\"]}" \
    "$lead-sql"

call 'How its score came to be' 200 GET "/v1/leads/$lead/history"

call 'The person asks what is held' 200 GET "/v1/leads/$lead"

call 'The person asks to be forgotten' 200 DELETE "/v1/leads/$lead"

call 'Nothing is left' 404 GET "/v1/leads/$lead"

printf '\nThe lead came in, was scored, handed over, accepted and erased.\n'
