# shellcheck shell=bash
# The database, what is exempt from indexing in it, and who may use it. Its rules are in rules.sh.

create_database() {
  ensure "the database ${DATABASE}" \
    --ask gcloud firestore databases describe "--database=${DATABASE}" '--format=value(type)' "${IN_PROJECT[@]}" \
    --make gcloud firestore databases create "--database=${DATABASE}" "--location=${DATABASE_LOCATION}" \
    --type=firestore-native --delete-protection "${IN_PROJECT[@]}"
  if [[ -n "${ANSWER:-}" && "${ANSWER}" != *FIRESTORE_NATIVE* ]]; then
    die "the database ${DATABASE} is in Datastore mode, which Kinemark cannot use; set FIRESTORE_DATABASE to another name"
  fi
  bind_database kinemark-worker roles/datastore.user
  bind_database kinemark-dashboard roles/datastore.viewer
}

# bind_database ACCOUNT ROLE: the role counts for this database alone, though it is the project that grants it.
bind_database() {
  local name="projects/${PROJECT}/databases/${DATABASE}"
  bind "letting $1 use the database ${DATABASE} ($2)" \
    gcloud projects add-iam-policy-binding "${PROJECT}" "--member=$(member_of "$1")" "--role=$2" \
    "--condition=expression=resource.name==\"${name}\",title=Kinemark database" --format=none --quiet
}

# As firestore.indexes.json has it, one exemption a line. Other indexes than those that Firestore makes itself are not
# provided for: nothing needs one.
exempt_fields() {
  local file="${here}/firestore.indexes.json" line group field read=0 wanted=0
  local exemption='"collectionGroup": "([A-Za-z]+)", "fieldPath": "([A-Za-z]+)", "indexes": \[\] \}'
  while IFS= read -r line || [[ -n "${line}" ]]; do
    if [[ "${line}" == *collectionGroup* ]]; then wanted=$((wanted + 1)); fi
    if [[ ! "${line}" =~ ${exemption} ]]; then continue; fi
    group="${BASH_REMATCH[1]}" field="${BASH_REMATCH[2]}"
    read=$((read + 1))
    act "exempting ${group}.${field} from indexing" \
      gcloud firestore indexes fields update "${field}" "--collection-group=${group}" --disable-indexes \
      "--database=${DATABASE}" --async "${IN_PROJECT[@]}"
  done <"${file}"
  if ((read == 0 || read != wanted)); then
    die "firestore.indexes.json has ${wanted} entries, of which this script can read ${read}; teach exempt_fields the others"
  fi
}
