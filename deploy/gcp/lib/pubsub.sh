# shellcheck shell=bash
# Topics and subscriptions, and who may do what with them.

# Of a pull the worker extends its leases itself. A push is held until its event is stored or put aside, back-off
# included, which 600 s, the most that there is, must suffice for.
readonly PULL_ACK_SECONDS=60
readonly PUSH_ACK_SECONDS=600

# The worker puts aside after five tries of its own. Pub/Sub does after this many, for a worker that dies of an event.
readonly BACKSTOP_DELIVERIES=50

create_queue() {
  act "creating Pub/Sub's own account" \
    gcloud beta services identity create --service=pubsub.googleapis.com "${IN_PROJECT[@]}"
  create_topic "${TOPIC}"
  create_topic "${DEAD_LETTER_TOPIC}"
  create_subscriptions
  bind_topic "${TOPIC}" "$(member_of kinemark-ingest)"
  bind_topic "${DEAD_LETTER_TOPIC}" "$(member_of kinemark-worker)"
  bind_topic "${DEAD_LETTER_TOPIC}" "$(pubsub_agent)"
  bind_subscription "${SUBSCRIPTION}" "$(member_of kinemark-worker)"
  bind_subscription "${SUBSCRIPTION}" "$(pubsub_agent)"
  bind_subscription "${DEAD_LETTER_SUBSCRIPTION}" "$(member_of kinemark-worker)"
}

create_topic() {
  ensure "the topic $1" \
    --ask gcloud pubsub topics describe "$1" "${IN_PROJECT[@]}" \
    --make gcloud pubsub topics create "$1" "${IN_PROJECT[@]}"
}

# Without an end: by default Pub/Sub drops a subscription that nobody has used for 31 days. What waits is kept as long
# as Pub/Sub can.
create_subscriptions() {
  local delivery change backstop keep=(--expiration-period=never --message-retention-duration=31d)
  if [[ "${DELIVERY}" == push ]]; then
    delivery=(
      "--ack-deadline=${PUSH_ACK_SECONDS}"
      "--push-endpoint=$(url_of kinemark-worker)/worker/push"
      "--push-auth-service-account=$(email_of kinemark-pusher)"
      "--push-auth-token-audience=$(url_of kinemark-worker)"
    )
  else
    delivery=("--ack-deadline=${PULL_ACK_SECONDS}")
  fi
  change=("${delivery[@]}" "${keep[@]}")
  # An empty endpoint makes a subscription that was pushed one that is pulled.
  if [[ "${DELIVERY}" == pull ]]; then change+=(--push-endpoint=); fi
  backstop=("--dead-letter-topic=${DEAD_LETTER_TOPIC}" "--max-delivery-attempts=${BACKSTOP_DELIVERIES}")

  ensure "the subscription ${SUBSCRIPTION}" \
    --ask gcloud pubsub subscriptions describe "${SUBSCRIPTION}" \
    '--format=value(enableMessageOrdering)' "${IN_PROJECT[@]}" \
    --make gcloud pubsub subscriptions create "${SUBSCRIPTION}" "--topic=${TOPIC}" --enable-message-ordering \
    "${delivery[@]}" "${keep[@]}" "${backstop[@]}" "${IN_PROJECT[@]}" \
    --mend gcloud pubsub subscriptions update "${SUBSCRIPTION}" "${change[@]}" "${backstop[@]}" "${IN_PROJECT[@]}"
  if [[ -n "${ANSWER:-}" && "${ANSWER}" != *True* ]]; then
    die "the subscription ${SUBSCRIPTION} has no message ordering, which cannot be changed; delete it once it is empty, or set PUBSUB_SUBSCRIPTION to another name"
  fi
  ensure "the subscription ${DEAD_LETTER_SUBSCRIPTION}" \
    --ask gcloud pubsub subscriptions describe "${DEAD_LETTER_SUBSCRIPTION}" "${IN_PROJECT[@]}" \
    --make gcloud pubsub subscriptions create "${DEAD_LETTER_SUBSCRIPTION}" "--topic=${DEAD_LETTER_TOPIC}" \
    "${delivery[@]}" "${keep[@]}" "${IN_PROJECT[@]}" \
    --mend gcloud pubsub subscriptions update "${DEAD_LETTER_SUBSCRIPTION}" "${change[@]}" "${IN_PROJECT[@]}"
}

# bind_topic TOPIC MEMBER: it may publish there.
bind_topic() {
  bind "letting $2 publish to $1" \
    gcloud pubsub topics add-iam-policy-binding "$1" "--member=$2" --role=roles/pubsub.publisher --format=none \
    "${IN_PROJECT[@]}"
}

# bind_subscription SUBSCRIPTION MEMBER: it may take messages from there.
bind_subscription() {
  bind "letting $2 consume $1" \
    gcloud pubsub subscriptions add-iam-policy-binding "$1" "--member=$2" --role=roles/pubsub.subscriber --format=none \
    "${IN_PROJECT[@]}"
}
