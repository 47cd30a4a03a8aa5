# shellcheck shell=bash
# The three services of Cloud Run: one image, each with its role, its account, and who may call it.

# Of 240 s at most: a new account's rights can take minutes to be known, and a revision that cannot do its work gets no
# traffic.
readonly STARTUP_PROBE=httpGet.path=/healthz,periodSeconds=5,timeoutSeconds=5,failureThreshold=48
# As many bodies as ingest holds at once.
readonly INGEST_CONCURRENCY=64
# Most requests of a dashboard are open streams that cost nothing while nothing changes. Cloud Run ends them after an
# hour at the latest; browsers come again.
readonly DASHBOARD_CONCURRENCY=250
readonly DASHBOARD_REQUEST_SECONDS=3600

# url_of SERVICE: its address, known before the service is there.
url_of() {
  printf 'https://%s-%s.%s.run.app' "$1" "${PROJECT_NUMBER}" "${REGION}"
}

# deploy SERVICE ROLE VARIABLES FLAG...: VARIABLES are those beside the role, with commas between them.
deploy() {
  local service="$1" role="$2" variables="$3"
  shift 3
  act "deploying ${service}" \
    gcloud run deploy "${service}" "--image=${IMAGE}" "--region=${REGION}" "--service-account=$(email_of "${service}")" \
    "--set-env-vars=KINEMARK_ROLE=${role},KINEMARK_PLATFORM=google,GOOGLE_CLOUD_PROJECT=${PROJECT},LOG_LEVEL=${LOG_LEVEL},${variables}" \
    --cpu=1 --memory=1Gi --cpu-boost "--startup-probe=${STARTUP_PROBE}" "$@" "${IN_PROJECT[@]}"
}

# let_invoke MEMBER SERVICE
let_invoke() {
  bind "letting $1 call $2" \
    gcloud run services add-iam-policy-binding "$2" "--member=$1" --role=roles/run.invoker "--region=${REGION}" \
    --format=none "${IN_PROJECT[@]}"
}

deploy_services() {
  deploy_worker
  deploy_ingest
  deploy_dashboard
}

# Its ingress is open because the dashboard's requests come by Google's front end, as all do that come without a network
# of one's own; the account is what is checked.
deploy_ingest() {
  deploy kinemark-ingest ingest "PUBSUB_TOPIC=${TOPIC}" \
    --no-allow-unauthenticated --ingress=all --timeout=60 "--concurrency=${INGEST_CONCURRENCY}" \
    --min-instances=0 --max-instances=10
  let_invoke "$(member_of kinemark-dashboard)" kinemark-ingest
}

# Who pulls must run, and compute while nobody calls; who is pushed to can be away.
deploy_worker() {
  local variables scale
  variables="PUBSUB_SUBSCRIPTION=${SUBSCRIPTION},PUBSUB_DEAD_LETTER_TOPIC=${DEAD_LETTER_TOPIC}"
  variables+=",PUBSUB_DEAD_LETTER_SUBSCRIPTION=${DEAD_LETTER_SUBSCRIPTION},FIRESTORE_DATABASE=${DATABASE}"
  if [[ "${DELIVERY}" == push ]]; then
    variables+=",PUBSUB_PUSH_AUDIENCE=$(url_of kinemark-worker),PUBSUB_PUSH_ACCOUNT=$(email_of kinemark-pusher)"
    scale=(--min-instances=0 --max-instances=4 --cpu-throttling "--timeout=${PUSH_ACK_SECONDS}" --concurrency=250)
  else
    scale=(--min-instances=1 --max-instances=1 --no-cpu-throttling --timeout=60 --concurrency=80)
  fi
  deploy kinemark-worker worker "${variables}" --no-allow-unauthenticated --ingress=internal "${scale[@]}"
  if [[ "${DELIVERY}" == push ]]; then let_invoke "$(member_of kinemark-pusher)" kinemark-worker; fi
}

deploy_dashboard() {
  local access=--no-allow-unauthenticated
  if [[ "${PUBLIC}" == yes ]]; then
    access=--allow-unauthenticated
    say 'warning: the dashboard becomes public: whoever knows its address can read all runs and send events (docs/security.md)'
  fi
  deploy kinemark-dashboard dashboard "FIRESTORE_DATABASE=${DATABASE},INGEST_URL=$(url_of kinemark-ingest)" \
    "${access}" --ingress=all "--timeout=${DASHBOARD_REQUEST_SECONDS}" "--concurrency=${DASHBOARD_CONCURRENCY}" \
    --min-instances=0 --max-instances=4
}

say_what_is_next() {
  if [[ "${DRY_RUN}" == yes ]]; then
    say 'that was a dry run: nothing was asked, and nothing was changed'
  elif [[ "${PUBLIC}" == yes ]]; then
    say "Kinemark is at $(url_of kinemark-dashboard)"
  else
    say "Kinemark is deployed; open it with: gcloud run services proxy kinemark-dashboard --region=${REGION} --project=${PROJECT}"
  fi
}
