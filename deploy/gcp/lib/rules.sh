# shellcheck shell=bash
# The database's security rules, by the REST API of Firebase Rules: gcloud has no command for them.

readonly RULES_API=https://firebaserules.googleapis.com/v1

# Makes firestore.rules the rules that count. A set of rules cannot be changed and a project holds 2,500, so there is a
# new one only where the file has changed: sets are told apart by the name of their file, which holds its checksum.
release_rules() {
  local content release="projects/${PROJECT}/releases/cloud.firestore" checksum file ruleset is_released=no
  if [[ "${DATABASE}" != '(default)' ]]; then release+="/${DATABASE}"; fi
  content="$(<"${here}/firestore.rules")"
  checksum="$(cksum <"${here}/firestore.rules")"
  file="firestore-${checksum// /-}.rules"

  note 'the rules that count now:'
  call_rules 'reading the rules that count now' GET "${release}"
  if [[ "${RULES_STATUS}" == 200 ]]; then is_released=yes; fi
  if [[ "${DRY_RUN}" == yes || "${is_released}" == yes ]]; then
    ruleset="$(name_in "${RULES_ANSWER}")"
    call_rules 'reading the rules that count now' GET "${ruleset}"
    if [[ "${RULES_ANSWER}" == *"\"${file}\""* ]]; then return; fi
  fi
  note 'unless they are those of this checkout:'
  call_rules 'creating the rules' POST "projects/${PROJECT}/rulesets" \
    "{\"source\":{\"files\":[{\"name\":\"${file}\",\"content\":$(as_json "${content}")}]}}"
  ruleset="$(name_in "${RULES_ANSWER}")"
  if [[ "${DRY_RUN}" == yes || "${is_released}" == yes ]]; then
    call_rules 'releasing the rules' PATCH "${release}" \
      "{\"release\":{\"name\":\"${release}\",\"rulesetName\":\"${ruleset}\"}}"
  fi
  note 'or, where none count yet:'
  if [[ "${DRY_RUN}" == yes || "${is_released}" == no ]]; then
    call_rules 'releasing the rules' POST "projects/${PROJECT}/releases" \
      "{\"name\":\"${release}\",\"rulesetName\":\"${ruleset}\"}"
  fi
}

# call_rules WHAT METHOD PATH [BODY]: sets RULES_STATUS and RULES_ANSWER. The token goes to curl on stdin, as arguments
# can be seen by everybody on this machine.
call_rules() {
  local token said command=(
    curl --silent --show-error --request "$2" --header @- --header "X-Goog-User-Project: ${PROJECT}"
    --write-out '\n%{http_code}'
  )
  if (($# > 3)); then command+=(--header 'Content-Type: application/json' --data-raw "$4"); fi
  command+=("${RULES_API}/$3")
  if [[ "${DRY_RUN}" == yes ]]; then
    printf "gcloud auth print-access-token | sed 's/^/Authorization: Bearer /' | %s\n" "$(quoted "${command[@]}")"
    RULES_STATUS='' RULES_ANSWER=''
    return
  fi
  if [[ "$2" != GET ]]; then say "$1"; fi
  token="$(gcloud auth print-access-token)" || die "$1 failed: gcloud has no access token; sign in with gcloud auth login"
  said="$(printf 'Authorization: Bearer %s' "${token}" | "${command[@]}")" ||
    die "$1 failed: ${RULES_API} cannot be reached, and curl says why above; run the same again later"
  RULES_STATUS="${said##*$'\n'}"
  RULES_ANSWER="${said%$'\n'*}"
  if [[ "${RULES_STATUS}" == 200 || ("$2" == GET && "${RULES_STATUS}" == 404) ]]; then return; fi
  die "$1 failed: Firebase Rules answers ${RULES_STATUS}: ${RULES_ANSWER//$'\n'/ }"
}

# name_in ANSWER: the full name of the set of rules that an answer speaks of.
name_in() {
  if [[ "${DRY_RUN}" == yes ]]; then
    printf 'projects/%s/rulesets/RULESET' "${PROJECT}"
  elif [[ "$1" =~ \"(projects/[^/\"]+/rulesets/[^\"]+)\" ]]; then
    printf '%s' "${BASH_REMATCH[1]}"
  else
    die "Firebase Rules answers without the name of a ruleset: ${1//$'\n'/ }"
  fi
}

# Text as a JSON string. Rules hold no control characters but these.
as_json() {
  local text="$1" backslash='\' quote='"'
  text="${text//"${backslash}"/\\\\}"
  text="${text//"${quote}"/\\\"}"
  text="${text//$'\t'/\\t}"
  text="${text//$'\r'/\\r}"
  text="${text//$'\n'/\\n}"
  printf '"%s"' "${text}"
}
