# shellcheck shell=bash
# What a deployment can be told: flags, and the variables that the server reads too. Checked before anything is run.

usage() {
  cat <<'TEXT'
Usage: deploy/gcp/deploy.sh --project ID --region REGION --database-location LOCATION (--image IMAGE | --build TAG)
                            [options]

Creates what Kinemark needs in a project of Google Cloud, and updates what is there: it can be run again.

  --project ID                  the project (or GOOGLE_CLOUD_PROJECT)
  --region REGION               of the services, as in europe-west1 (or KINEMARK_REGION)
  --database-location LOCATION  of the database, as in eur3; never changes (or KINEMARK_DATABASE_LOCATION)
  --image IMAGE                 deploys this image (or KINEMARK_IMAGE)
  --build TAG                   builds the image from this checkout with Cloud Build, and deploys it
  --push                        Pub/Sub pushes events to the worker, which costs nothing while there are none
  --pull                        the worker pulls events; one instance always runs (default)
  --public-dashboard            everybody may read the dashboard and send events
  --bigquery DATASET            keeps every event in BigQuery as well, in DATASET.events
  --dry-run                     prints every command, and runs none
  --help                        prints this

Names of resources are those of the server's variables: PUBSUB_TOPIC, PUBSUB_SUBSCRIPTION, PUBSUB_DEAD_LETTER_TOPIC,
PUBSUB_DEAD_LETTER_SUBSCRIPTION, FIRESTORE_DATABASE; LOG_LEVEL is passed on (docs/configuration.md).

Exit code: 0 when it is done, 1 when a command failed, 2 when the arguments cannot be used.
TEXT
}

misuse() {
  die "$1; deploy/gcp/deploy.sh --help explains" "${EXIT_MISUSE}"
}

# check NAME VALUE PATTERN RULE
check() {
  if [[ -z "$2" ]]; then misuse "$1 is missing"; fi
  if [[ ! "$2" =~ $3 ]]; then misuse "$1 is \"$2\", but must be $4"; fi
}

# Sets PROJECT, REGION, DATABASE_LOCATION, IMAGE, BUILD_TAG, DELIVERY, PUBLIC, BIGQUERY_DATASET, DRY_RUN and the names of
# resources.
read_settings() {
  PROJECT="${GOOGLE_CLOUD_PROJECT:-}"
  REGION="${KINEMARK_REGION:-}"
  DATABASE_LOCATION="${KINEMARK_DATABASE_LOCATION:-}"
  IMAGE="${KINEMARK_IMAGE:-}"
  BUILD_TAG='' DELIVERY=pull PUBLIC=no BIGQUERY_DATASET='' DRY_RUN=no
  LOG_LEVEL="${LOG_LEVEL:-warn}"
  TOPIC="${PUBSUB_TOPIC:-cv-metrics-topic}"
  SUBSCRIPTION="${PUBSUB_SUBSCRIPTION:-cv-metrics-worker}"
  DEAD_LETTER_TOPIC="${PUBSUB_DEAD_LETTER_TOPIC:-cv-metrics-dead-letters}"
  DEAD_LETTER_SUBSCRIPTION="${PUBSUB_DEAD_LETTER_SUBSCRIPTION:-cv-metrics-dead-letters-worker}"
  DATABASE="${FIRESTORE_DATABASE:-(default)}"
  read_flags "$@"
  check_settings
  IN_PROJECT=("--project=${PROJECT}" --quiet)
}

read_flags() {
  while (($# > 0)); do
    case "$1" in
      --push) DELIVERY=push ;;
      --pull) DELIVERY=pull ;;
      --public-dashboard) PUBLIC=yes ;;
      --dry-run) DRY_RUN=yes ;;
      --help)
        usage
        exit 0
        ;;
      --project | --region | --database-location | --image | --build | --bigquery)
        if (($# < 2)); then misuse "$1 needs a value"; fi
        read_value_of "$1" "$2"
        shift
        ;;
      *) misuse "there is no option \"$1\"" ;;
    esac
    shift
  done
}

read_value_of() {
  # An empty value would silently count as not given.
  if [[ -z "$2" ]]; then misuse "$1 needs a value"; fi
  case "$1" in
    --project) PROJECT="$2" ;;
    --region) REGION="$2" ;;
    --database-location) DATABASE_LOCATION="$2" ;;
    --image) IMAGE="$2" ;;
    --build) BUILD_TAG="$2" ;;
    --bigquery) BIGQUERY_DATASET="$2" ;;
  esac
}

check_settings() {
  local id='^[A-Za-z][A-Za-z0-9_.~+%-]{2,254}$' id_rule='an id of 3 to 255 letters, digits and -_.~+%'
  check --project "${PROJECT}" '^[a-z][a-z0-9-]{4,28}[a-z0-9]$' 'the id of a project'
  check --region "${REGION}" '^[a-z]+-[a-z]+[0-9]+$' 'a region, as in europe-west1'
  check --database-location "${DATABASE_LOCATION}" '^[a-z]+(-[a-z]+)?[0-9]+$' 'a location, as in eur3'
  check LOG_LEVEL "${LOG_LEVEL}" '^(silent|fatal|error|warn|info|debug|trace)$' 'a level that the server knows'
  check PUBSUB_TOPIC "${TOPIC}" "${id}" "${id_rule}"
  check PUBSUB_SUBSCRIPTION "${SUBSCRIPTION}" "${id}" "${id_rule}"
  check PUBSUB_DEAD_LETTER_TOPIC "${DEAD_LETTER_TOPIC}" "${id}" "${id_rule}"
  check PUBSUB_DEAD_LETTER_SUBSCRIPTION "${DEAD_LETTER_SUBSCRIPTION}" "${id}" "${id_rule}"
  check FIRESTORE_DATABASE "${DATABASE}" '^(\(default\)|[a-z][a-z0-9-]{2,61}[a-z0-9])$' 'the id of a database, or (default)'
  if [[ -n "${BIGQUERY_DATASET}" ]]; then
    check --bigquery "${BIGQUERY_DATASET}" '^[A-Za-z_][A-Za-z0-9_]{0,1023}$' 'letters, digits and underscores'
  fi
  check_image
}

check_image() {
  if [[ -n "${BUILD_TAG}" && -n "${IMAGE}" ]]; then misuse '--build and an image are both given'; fi
  if [[ -n "${BUILD_TAG}" ]]; then
    check --build "${BUILD_TAG}" '^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$' 'a tag, as in 2026-11-22'
    IMAGE="${REGION}-docker.pkg.dev/${PROJECT}/kinemark/kinemark:${BUILD_TAG}"
  else
    if [[ -z "${IMAGE}" ]]; then misuse '--image or --build is missing'; fi
    check --image "${IMAGE}" '^[a-z0-9.-]+(:[0-9]+)?/[A-Za-z0-9._/:@-]+$' 'an image with its registry'
  fi
}
