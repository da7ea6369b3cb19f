#!/bin/sh
# A task that writes down what really happens to it, beside what the runner records: one whole line for its start and
# one for its end, appended to a ledger that all tasks share. Parameters: SEC it takes, CODE it ends with.
#
#   start TASK ATTEMPT PID PID-START
#   end TASK ATTEMPT EXIT-CODE
#   overlap TASK ATTEMPT EARLIER-ATTEMPT    an earlier attempt still lives
ledger=$HSM_FAULT_DIR/ledger

# Sets born: when process $1 started, empty when it is gone or a zombie.
look() {
  born=
  { read -r line <"/proc/$1/stat"; } 2>/dev/null || return 0
  # shellcheck disable=SC2086 # numbers and one letter
  set -- ${line##*) }
  case $1 in Z | X) ;; *) born=${20} ;; esac
}

look $$
echo "start $HSM_TASK $HSM_ATTEMPT $$ $born" >>"$ledger"
if [ "$HSM_ATTEMPT" -gt 1 ]; then
  grep "^start $HSM_TASK " "$ledger" | while read -r _ _ attempt pid since; do
    [ "$attempt" -lt "$HSM_ATTEMPT" ] || continue
    look "$pid"
    [ "$born" != "$since" ] || echo "overlap $HSM_TASK $HSM_ATTEMPT $attempt" >>"$ledger"
  done
fi
[ "${HSM_PARAM_SEC:-0}" = 0 ] || sleep "$HSM_PARAM_SEC"
echo "output of $HSM_TASK"
echo "end $HSM_TASK $HSM_ATTEMPT ${HSM_PARAM_CODE:-0}" >>"$ledger"
exit "${HSM_PARAM_CODE:-0}"
