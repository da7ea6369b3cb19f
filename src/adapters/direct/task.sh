#!/bin/sh
# shellcheck disable=SC2034,SC2154 # variables go to and come from record.sh
# Runs one attempt in a session of its own and records its start and end itself, so that it needs neither lane nor
# runner to stay alive.
# usage: task.sh RUN_DIR LANE_FILE LANE_PID SLOT WHERE PROC BASE TIMEOUT [NAME=VALUE…] -- PROGRAM [ARGUMENT…]
# with HSM_TASK, HSM_ATTEMPT and HSM_TASK_DIR in the environment. Ends with 0 when the end is recorded.
hsm_dir=$1 hsm_file=$2 hsm_lane=$3 hsm_slot=$4 hsm_where=$5 hsm_proc=$6 hsm_base=$7 hsm_timeout=$8
shift 8
# shellcheck source=src/adapters/direct/record.sh
. "$hsm_dir/record.sh"

# A signal to the whole group ends the task; this shell outlives it to record that.
trap : TERM

# Order matters: first the name of this process in the lane's file, then the look whether the lane lives. A lane that
# comes after a dead one therefore either reads the name or knows that nothing was started.
hsm_pid=$$
hsm_look "$hsm_pid" || exit 1
printf 'w %s %s %s.%s .\n' "$hsm_pid" "$hsm_start" "$HSM_TASK" "$HSM_ATTEMPT" >>"$hsm_file" || exit 1
hsm_since=$hsm_start
hsm_look "$hsm_pid" && [ "$hsm_parent" = "$hsm_lane" ] || exit 1

# Whoever creates this file decides: this wrapper that the attempt starts, or a prober that it never will.
set -C
{ true >"$hsm_dir/claim/$HSM_TASK.$HSM_ATTEMPT.go"; } 2>/dev/null || exit 1
set +C

exec 9>>"$hsm_dir/events" || exit 1
hsm_now
hsm_begin=$hsm_t hsm_code=none hsm_watchdog=
{
  if printf '|S %s %s %s i %s %s %s %s .\n' "$HSM_TASK" "$HSM_ATTEMPT" "$hsm_slot" "$hsm_pid" "$hsm_since" \
    "$hsm_where" "$hsm_begin" >&9; then
    if [ -n "$hsm_timeout" ]; then
      # A copy of this shell that is slow to begin would take the signal that ends it for its own and forget it, so it
      # is made without a trap.
      trap - TERM
      # Apart from the task's output and environment: it must neither hold the one open nor be found by the other.
      (
        hsm_task=$HSM_TASK hsm_attempt=$HSM_ATTEMPT
        unset HSM_TASK HSM_ATTEMPT HSM_TASK_DIR
        exec sh "$hsm_dir/runner.sh" watch "$hsm_timeout" "$hsm_task" "$hsm_attempt" "$hsm_slot" i "$hsm_pid" \
          "$hsm_since" </dev/null >/dev/null 2>&1 9>&-
      ) &
      hsm_watchdog=$!
      trap : TERM
    fi
    # Set by a cancel that came between the claim and the record above.
    if [ -e "$hsm_dir/cancel/$HSM_TASK.$HSM_ATTEMPT" ]; then
      hsm_code=143
    else
      (
        while [ "$1" != -- ]; do
          # shellcheck disable=SC2163 # the argument is NAME=VALUE
          export "$1"
          shift
        done
        shift
        exec "$@" 9>&-
      )
      hsm_code=$?
    fi
  fi
} </dev/null >"$HSM_TASK_DIR/stdout.log" 2>"$HSM_TASK_DIR/stderr.log"
[ "$hsm_code" != none ] || exit 1
hsm_end "$hsm_code"
[ -z "$hsm_watchdog" ] || kill "$hsm_watchdog" 2>/dev/null
exit 0
