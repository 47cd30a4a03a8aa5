#!/usr/bin/env bash
# Brings Kinemark to Google Cloud: creates what is missing, updates what is there. What each resource is made of is in
# lib/, and docs/deployment.md says what to do before and after.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
readonly here
for part in run settings accounts pubsub firestore rules bigquery image services; do
  # shellcheck source=/dev/null
  source "${here}/lib/${part}.sh"
done

main() {
  read_settings "$@"
  enable_apis
  read_project_number
  create_accounts
  create_queue
  create_database
  exempt_fields
  release_rules
  if [[ -n "${BIGQUERY_DATASET}" ]]; then export_to_bigquery; fi
  if [[ -n "${BUILD_TAG}" ]]; then build_image; fi
  deploy_services
  say_what_is_next
}

main "$@"
