# shellcheck shell=sh
# shellcheck disable=SC2154 # hsm_mark and hsm_partly are set by who reads this
# Tries lines of setup, see setupCheck.ts, in the directory $2 or, where that is empty, in an empty one that is removed
# afterwards: says what each prints behind a mark, then whether one failed. It leads its session. Nothing of that is left
# afterwards, nor after $3 seconds, nor when the process $1 that asked is gone.
hsm_asker=$1 hsm_limit=$3 hsm_empty=''
# Marks have a way of their own: a line may send this shell's output elsewhere.
exec 2>&1 </dev/null 6>&1

hsm_say() { printf '\n%s %s\n' "$hsm_mark" "$1" >&6; }

hsm_end_all() {
  trap - EXIT
  cd /
  [ -z "$hsm_empty" ] || rm -rf -- "$hsm_empty"
  kill -KILL "-$$"
  # Whoever does not lead a group is still here.
  exit 0
}

hsm_watch() {
  hsm_i=0
  while kill -0 "$hsm_asker" && kill -0 $$; do
    if [ "$hsm_i" -ge "$hsm_limit" ]; then
      hsm_say late
      break
    fi
    hsm_i=$((hsm_i + 1))
    sleep 1
  done 2>/dev/null
  hsm_end_all
}

hsm_begin_line() {
  hsm_words=$1
  hsm_say "begin $hsm_words"
}

# Where lines are left out, one of them may bring conda, which 79 says is not there.
hsm_end_line() {
  hsm_code=$?
  exec >&6 2>&1
  [ "$hsm_code" -eq 0 ] || [ "$hsm_code" -eq "${1:-0}" ] || [ "$hsm_partly$hsm_code" = 179 ] || hsm_setup_failed
}

hsm_setup_failed() {
  hsm_say failed
  hsm_end_all
}

hsm_shell_ended() {
  echo 'It ended the shell.'
  hsm_setup_failed
}

if [ -n "$2" ]; then
  cd "$2" || exit 1
else
  hsm_empty=$(mktemp -d) && cd "$hsm_empty" || exit 1
fi
hsm_watch &
trap hsm_shell_ended EXIT
