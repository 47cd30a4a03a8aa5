# shellcheck shell=bash
# Runs commands, or prints them where DRY_RUN is "yes". Which commands is decided by the other files.

readonly EXIT_FAILED=1
readonly EXIT_MISUSE=2

# An account that was just created is not known everywhere for some seconds: 6 tries, 10 s apart.
readonly BIND_TRIES=6
readonly BIND_PAUSE_SECONDS=10

# Tells the person at the terminal something; stdout belongs to the printed commands.
say() {
  printf 'kinemark: %s\n' "$1" >&2
}

# Ends the script with one sentence.
die() {
  say "$1"
  exit "${2:-${EXIT_FAILED}}"
}

# Prints words as a line that a shell reads as the same words.
quoted() {
  local word line='' quote="'" escaped="'\\''"
  for word in "$@"; do
    if [[ "${word}" =~ ^[A-Za-z0-9_@%+=:,./-]+$ ]]; then
      line+=" ${word}"
    else
      line+=" '${word//${quote}/${escaped}}'"
    fi
  done
  printf '%s\n' "${line# }"
}

# With --dry-run, a comment between the commands; else nothing.
note() {
  if [[ "${DRY_RUN}" == yes ]]; then printf '# %s\n' "$1"; fi
}

# give_up WHAT PROGRAM STATUS
give_up() {
  die "$1 failed: $2 ended with status $3 and says why above; mend that and run the same again, what exists is kept"
}

# act WHAT COMMAND...: runs a command that changes something. WHAT is for people, as in "creating the topic x".
act() {
  local what="$1" status=0
  shift
  if [[ "${DRY_RUN}" == yes ]]; then
    quoted "$@"
    return
  fi
  say "${what}"
  "$@" >&2 || status=$?
  if ((status != 0)); then give_up "${what}" "$1" "${status}"; fi
}

# bind WHAT COMMAND...: like act, for commands that name an account which may be new.
bind() {
  local what="$1" status try
  shift
  if [[ "${DRY_RUN}" == yes ]]; then
    quoted "$@"
    return
  fi
  say "${what}"
  for ((try = 1; try <= BIND_TRIES; try++)); do
    status=0
    "$@" >&2 || status=$?
    if ((status == 0)); then return; fi
    if ((try < BIND_TRIES)); then sleep "${BIND_PAUSE_SECONDS}"; fi
  done
  give_up "${what}" "$1" "${status}"
}

# is_there WHAT COMMAND...: whether the thing that the command describes exists; leaves what was said of it in ANSWER.
# Ends the script where that cannot be known: creating what one may not even see helps nobody.
is_there() {
  local what="$1"
  shift
  if ANSWER="$("$@" 2>&1)"; then return 0; fi
  case "${ANSWER}" in
    *PERMISSION_DENIED*) ;;
    *NOT_FOUND* | *'ot found'* | *'annot find'* | *'does not exist'*) return 1 ;;
  esac
  die "whether ${what} exists cannot be known (${ANSWER##*$'\n'}); docs/deployment.md says which rights a deployment needs"
}

# ensure WHAT --ask COMMAND... --make COMMAND... [--mend COMMAND...]: creates what is missing, and brings up to date what
# is there and can be changed. With --dry-run nothing is asked, so it prints both ways.
ensure() {
  local what="$1" part='' word ask=() make=() mend=()
  shift
  for word in "$@"; do
    case "${word}" in
      --ask | --make | --mend) part="${word}" ;;
      *)
        case "${part}" in
          --ask) ask+=("${word}") ;;
          --make) make+=("${word}") ;;
          --mend) mend+=("${word}") ;;
        esac
        ;;
    esac
  done
  if [[ "${DRY_RUN}" == yes ]]; then
    note "${what}: is it there?"
    quoted "${ask[@]}"
    note 'if not:'
    printf '  %s' "$(quoted "${make[@]}")"$'\n'
    if ((${#mend[@]} > 0)); then
      note 'if it is:'
      printf '  %s' "$(quoted "${mend[@]}")"$'\n'
    fi
    return
  fi
  ANSWER=''
  if is_there "${what}" "${ask[@]}"; then
    if ((${#mend[@]} > 0)); then act "updating ${what}" "${mend[@]}"; fi
  else
    ANSWER=''
    act "creating ${what}" "${make[@]}"
  fi
}
