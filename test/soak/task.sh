#!/bin/sh
# One of the soak's tasks, by its parameter KIND. It notes start and end in its sweep's ledger, as the fault suite's
# tasks do: see test/support/faults/task.sh.
ledger=$HSM_FAULT_DIR/ledger.$HSM_SWEEP_ID
echo "start $HSM_TASK $HSM_ATTEMPT $$ 0" >>"$ledger"
code=0
case $HSM_PARAM_KIND in
  short) ;;
  long) sleep 2 ;;
  failing)
    printf 'Traceback (most recent call last):\n  File "train.py", line %s, in <module>\nValueError: %s\n' \
      "$HSM_TASK" "$HSM_PARAM_ID" >&2
    code=1
    ;;
  hanging) sleep 600 ;;
  flooding) head -c 5000000 /dev/zero | tr '\0' 'x' ;;
esac
echo "end $HSM_TASK $HSM_ATTEMPT $code" >>"$ledger"
exit $code
