# shellcheck shell=sh
# Runs the program on standard input with the shell $1 in a session of its own, so that all that it starts can be ended,
# and cuts off what it prints after $2 bytes. The program is given the number of this process, then $3 and what follows.
hsm_shell=$1 hsm_bytes=$2
shift 2
# It is read whole first, so that lines of setup cannot read it as their input.
# shellcheck disable=SC2016 # for the other shell
set -- "$hsm_shell" -c 'hsm_all=$(cat); eval "$hsm_all"' sh $$ "$@"
if command -v setsid >/dev/null 2>&1; then
  setsid "$@"
elif command -v perl >/dev/null 2>&1; then
  perl -MPOSIX -e 'POSIX::setsid(); exec { $ARGV[0] } @ARGV; exit 127' "$@"
else
  echo 'Neither setsid nor perl is there.'
fi 2>&1 | head -c "$hsm_bytes"
exit 0
