# shellcheck shell=bash
# Every event in BigQuery as well, written by Pub/Sub itself: for questions about more runs than a dashboard shows.

# A message with what Pub/Sub knows of it. `data` is the whole CloudEvent, `attributes` its attributes as ce-...
readonly EVENT_COLUMNS=subscription_name:STRING,message_id:STRING,publish_time:TIMESTAMP,data:JSON,attributes:JSON

export_to_bigquery() {
  local table="${PROJECT}:${BIGQUERY_DATASET}.events" subscription="${TOPIC}-bigquery"
  local as_project=("--project_id=${PROJECT}" --headless)
  ensure "the dataset ${BIGQUERY_DATASET}" \
    --ask bq "${as_project[@]}" show --dataset "${PROJECT}:${BIGQUERY_DATASET}" \
    --make bq "${as_project[@]}" "--location=${REGION}" mk --dataset "${PROJECT}:${BIGQUERY_DATASET}"
  ensure "the table ${table}" \
    --ask bq "${as_project[@]}" show "${table}" \
    --make bq "${as_project[@]}" mk --table --time_partitioning_field=publish_time --time_partitioning_type=DAY \
    "${table}" "${EVENT_COLUMNS}"
  bind "letting Pub/Sub write to ${table}" \
    bq "${as_project[@]}" add-iam-policy-binding "--member=$(pubsub_agent)" --role=roles/bigquery.dataEditor \
    --table=true "${table}"
  ensure "the subscription ${subscription}" \
    --ask gcloud pubsub subscriptions describe "${subscription}" "${IN_PROJECT[@]}" \
    --make gcloud pubsub subscriptions create "${subscription}" "--topic=${TOPIC}" "--bigquery-table=${table}" \
    --write-metadata --expiration-period=never --message-retention-duration=31d "${IN_PROJECT[@]}"
}
