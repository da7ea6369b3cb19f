# shellcheck shell=sh
# shellcheck disable=SC2154 # hsm_mark is set by who reads this
# Tries the lines of setup, see setupCheck.ts: says what each prints behind a mark, then whether one failed.
exec 2>&1 </dev/null

hsm_begin_line() {
  hsm_words=$1
  printf '\n%s begin\n' "$hsm_mark"
}

hsm_end_line() {
  hsm_code=$?
  [ "$hsm_code" -eq 0 ] || [ "$hsm_code" -eq "${1:-0}" ] || hsm_setup_failed
}

hsm_setup_failed() {
  trap - EXIT
  printf '\n%s failed %s\n' "$hsm_mark" "$hsm_words"
  exit 0
}

hsm_shell_ended() {
  echo 'It ended the shell.'
  hsm_setup_failed
}

cd "$1" || exit 1
trap hsm_shell_ended EXIT
