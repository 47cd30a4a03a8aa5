# shellcheck shell=bash
# The APIs, and an account for each service. Which rights an account has stands beside what it has them on.

# Pub/Sub's own account, which forwards what the worker never acknowledged. Its number is known once the project is.
pubsub_agent() {
  printf 'serviceAccount:service-%s@gcp-sa-pubsub.iam.gserviceaccount.com' "${PROJECT_NUMBER}"
}

# email_of ACCOUNT
email_of() {
  printf '%s@%s.iam.gserviceaccount.com' "$1" "${PROJECT}"
}

# member_of ACCOUNT
member_of() {
  printf 'serviceAccount:%s' "$(email_of "$1")"
}

enable_apis() {
  local apis=(run pubsub firestore firebaserules iam cloudresourcemanager)
  if [[ -n "${BUILD_TAG}" ]]; then apis+=(artifactregistry cloudbuild storage); fi
  if [[ -n "${BIGQUERY_DATASET}" ]]; then apis+=(bigquery); fi
  act 'enabling the APIs' gcloud services enable "${apis[@]/%/.googleapis.com}" "${IN_PROJECT[@]}"
}

# Sets PROJECT_NUMBER, which addresses of services and Google's own accounts are made of.
read_project_number() {
  local ask=(gcloud projects describe "${PROJECT}" '--format=value(projectNumber)' --quiet)
  if [[ "${DRY_RUN}" == yes ]]; then
    note 'PROJECT_NUMBER below stands for its answer:'
    quoted "${ask[@]}"
    PROJECT_NUMBER=PROJECT_NUMBER
    return
  fi
  PROJECT_NUMBER="$("${ask[@]}")" || die "the project ${PROJECT} cannot be read; gcloud says why above"
  if [[ ! "${PROJECT_NUMBER}" =~ ^[0-9]+$ ]]; then
    die "the number of the project ${PROJECT} is not known: gcloud answers \"${PROJECT_NUMBER}\""
  fi
}

# create_account ACCOUNT TITLE
create_account() {
  ensure "the service account $1" \
    --ask gcloud iam service-accounts describe "$(email_of "$1")" "${IN_PROJECT[@]}" \
    --make gcloud iam service-accounts create "$1" "--display-name=$2" "${IN_PROJECT[@]}"
}

create_accounts() {
  create_account kinemark-ingest 'Kinemark ingest: publishes events'
  create_account kinemark-worker 'Kinemark worker: stores events'
  create_account kinemark-dashboard 'Kinemark dashboard: reads runs'
  if [[ "${DELIVERY}" == push ]]; then
    create_account kinemark-pusher 'Kinemark pusher: Pub/Sub, when it calls the worker'
  fi
}
