#!/usr/bin/env bash
# Practises an interview at a Viva server with grpcurl and jq, and has an answer graded with an API key.
# grpcurl reads the contract through the server's reflection.
#
#   VIVA_URL=http://127.0.0.1:50051 VIVA_USERNAME=ada VIVA_PASSWORD=... ./practise.sh
set -euo pipefail

target=${VIVA_URL#*://}
plain=()
if [[ $VIVA_URL == http://* ]]; then plain=(-plaintext); fi
# To a question that is drawn from the bank. The grader declines what is about something else.
first='I would measure first.'
spoken='A mutex lets one thread at a time into a critical section. The others wait until it is released.'
errors=$(mktemp)
trap 'rm -f "$errors"' EXIT

# rpc SERVICE/METHOD REQUEST [CREDENTIAL]: one call with a deadline; its error, if any, is in $errors.
# Secrets go through the environment and standard input, which process lists do not show.
rpc() {
  local header=()
  if [ -n "${3:-}" ]; then header=(-expand-headers -H 'authorization: Bearer ${credential}'); fi
  credential=${3:-} grpcurl "${plain[@]}" -max-time "${deadline:-10}" -emit-defaults -format-error \
    "${header[@]}" -d @ "$target" "viva.v1.$1" <<<"$2" 2>"$errors"
}

# A field of the error's detail of that type.
detail() { jq -r ".details[]? | select(.[\"@type\"] | endswith(\"$1\")) | $2" "$errors" 2>/dev/null; }

# UNAVAILABLE, DEADLINE_EXCEEDED and RESOURCE_EXHAUSTED may be temporary: grpcurl exits with 64 plus the
# code, and with 1 if nothing is listening.
may_pass() { [[ $1 =~ ^(78|68|72|1)$ ]]; }

# call SERVICE/METHOD REQUEST [CREDENTIAL]: retries until the outcome is known. Only for calls that
# are safe to repeat: reads, and writes with an idempotency key.
call() {
  local attempt code wait
  for attempt in 1 2 3 4 5; do
    code=0
    rpc "$@" || code=$?
    if [ $code = 0 ]; then return; fi
    if ! may_pass $code || [ $attempt = 5 ]; then return $code; fi
    wait=$(detail RetryInfo '.retryDelay | rtrimstr("s")')
    sleep "$(jq -n "${wait:-0} + $RANDOM / 32768 * 0.1 * pow(2; $attempt)")"
  done
}

new_key() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }

give_up() {
  cat "$errors" >&2
  exit 1
}

show() {
  jq -r '.scores | "correctness \(.correctness), completeness \(.completeness), quality \(.quality),"
    + " communication \(.communication)"' <<<"$1"
  jq -r '.keyPoints[] | select(.coverage < 0.5) | "missed: \(.point)"' <<<"$1"
}

account=$(jq -n '{username: env.VIVA_USERNAME, email: "\(env.VIVA_USERNAME)@example.com", password: env.VIVA_PASSWORD}')
if call AuthService/Register "$account" >/dev/null; then
  echo "registered $VIVA_USERNAME"
elif [ "$(detail ErrorInfo .reason)" != USERNAME_TAKEN ]; then # by somebody else, or by an earlier attempt
  give_up
fi
session=$(call AuthService/Login "$(jq 'del(.email)' <<<"$account")") || give_up
token=$(jq -r .session.accessToken <<<"$session")

wanted="{\"role\": \"Backend engineer\", \"numQuestions\": 1, \"idempotencyKey\": \"$(new_key)\"}"
interview=$(call InterviewService/CreateInterview "$wanted" "$token" | jq .interview) || give_up
echo "asked: $(jq -r .questions[0].text <<<"$interview")"

# submit TEXT: stores one answer once, however often it has to be sent.
submit() {
  local request
  request=$(jq --arg text "$1" --arg key "$(new_key)" \
    '{interviewId: .id, questionId: .questions[0].id, answerText: $text, idempotencyKey: $key}' <<<"$interview")
  call AnswerService/SubmitAnswer "$request" "$token"
}
if ! submit 'No idea' >/dev/null; then
  [ "$(detail ErrorInfo .reason)" = VALIDATION_FAILED ] || give_up
  detail BadRequest '.fieldViolations[] | "refused: \(.field): \(.description)"'
fi
stored=$(submit "$first") || give_up
echo "stored answer $(jq -r .answerId <<<"$stored")"

# A new stream starts with the current state, so nothing is missed.
watched=$(jq '{interviewId: .id}' <<<"$interview")
until states=$(deadline=600 rpc AnswerService/WatchInterview "$watched" "$token"); do
  may_pass $? || give_up
  sleep 1
done
jq -r '"answer \(.answer.id) is \(.answer.evaluation.status)"' <<<"$states"
show "$(jq -s 'last.answer.evaluation' <<<"$states")"

page_token='' pages=0 interviews=0
while
  page=$(call InterviewService/ListInterviews "{\"pageSize\": 1, \"pageToken\": \"$page_token\"}" "$token") || give_up
  pages=$((pages + 1))
  interviews=$((interviews + $(jq '.interviews | length' <<<"$page")))
  page_token=$(jq -r .nextPageToken <<<"$page")
  [ -n "$page_token" ]
do :; done
echo "$interviews interviews on $pages pages"

made=$(call AuthService/CreateApiKey '{"name": "sample", "scopes": ["SCOPE_GRADE"]}' "$token") || give_up
task=$(jq -n --arg answer "$spoken" '{question: "What is a mutex for?", answer: $answer, keyPoints: [
  {point: "Only one thread at a time is in the critical section."},
  {point: "A thread that panics while it holds the lock poisons it."}]}')
echo "graded with $(jq -r .apiKey.prefix <<<"$made")"
graded=$(call GradeService/GradeAnswer "$task" "$(jq -r .secret <<<"$made")") || give_up
show "$(jq .evaluation <<<"$graded")"
call AuthService/RevokeApiKey "$(jq '{apiKeyId: .apiKey.id}' <<<"$made")" "$token" >/dev/null || give_up
