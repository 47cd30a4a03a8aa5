# shellcheck shell=bash
# The image, built by Cloud Build from this checkout, with an account that can do nothing else.

build_image() {
  local bucket="${PROJECT}-kinemark-build"
  create_account kinemark-build 'Kinemark build: makes the image'
  ensure 'the repository of images' \
    --ask gcloud artifacts repositories describe kinemark "--location=${REGION}" "${IN_PROJECT[@]}" \
    --make gcloud artifacts repositories create kinemark "--location=${REGION}" --repository-format=docker \
    "${IN_PROJECT[@]}"
  ensure "the bucket ${bucket}" \
    --ask gcloud storage buckets describe "gs://${bucket}" "${IN_PROJECT[@]}" \
    --make gcloud storage buckets create "gs://${bucket}" "--location=${REGION}" --uniform-bucket-level-access \
    --public-access-prevention "${IN_PROJECT[@]}"
  bind 'letting the build keep images' \
    gcloud artifacts repositories add-iam-policy-binding kinemark "--location=${REGION}" \
    "--member=$(member_of kinemark-build)" --role=roles/artifactregistry.writer --format=none "${IN_PROJECT[@]}"
  bind 'letting the build read its source' \
    gcloud storage buckets add-iam-policy-binding "gs://${bucket}" "--member=$(member_of kinemark-build)" \
    --role=roles/storage.objectViewer --format=none "${IN_PROJECT[@]}"
  bind 'letting the build write its log' \
    gcloud projects add-iam-policy-binding "${PROJECT}" "--member=$(member_of kinemark-build)" \
    --role=roles/logging.logWriter --condition=None --format=none --quiet
  act "building ${IMAGE}, which takes some minutes" \
    gcloud builds submit "${here%/deploy/gcp}" "--config=${here}/cloudbuild.yaml" "--substitutions=_IMAGE=${IMAGE}" \
    "--gcs-source-staging-dir=gs://${bucket}/source" \
    "--service-account=projects/${PROJECT}/serviceAccounts/$(email_of kinemark-build)" "${IN_PROJECT[@]}"
}
