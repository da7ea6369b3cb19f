# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables come from and go to the files that this is read with
# The lane of slot $1: takes tasks from the queue in order and runs them, until none is left or it is told to stop.
# Nothing on the way from one short task to the next forks but the task itself.
hsm_slot=$1
hsm_terminated='' hsm_woken='' hsm_nap_pid=''
hsm_wake() {
  hsm_woken=1
  [ -z "$hsm_nap_pid" ] || kill "$hsm_nap_pid" 2>/dev/null
}
hsm_listen() {
  # Only the machine's shutdown or its administrator sends this: finish the record of the task, take no other.
  trap 'hsm_terminated=1; hsm_wake' TERM
  # There is something to look at for a lane that waits: see turns.sh.
  trap hsm_wake USR1
}
hsm_listen

hsm_take "slot.$hsm_slot" || exit 0
hsm_look $$
# The lock is also the lane's diary: `t T.A` what it is about to claim, `w PID START T.A` the wrapper of its task.
hsm_file=$hsm_dir/lock/slot.$hsm_slot.$hsm_n hsm_pid=$$ hsm_number=$hsm_n hsm_since=$hsm_start

# Whether the lane of file $1, the wrapper of its last task, or anything that they started lives. Of this lane's own
# file only the wrapper counts: it is asked for when that was killed.
hsm_lane_lives() {
  [ -e "$1" ] || return 1
  read -r hsm_f hsm_holder hsm_held_since hsm_there <"$1"
  [ "$hsm_there" = "$hsm_where" ] || return 1
  [ "$hsm_holder" = $$ ] || ! hsm_group_lives "$hsm_holder" "$hsm_held_since" || return 0
  # shellcheck disable=SC2046 # words of our own
  set -- $(tail -n 1 "$1")
  # Nothing: the look itself was killed, which says nothing of the lane.
  [ $# -gt 0 ] || return 0
  [ "$1" = w ] && hsm_group_lives "$2" "$3"
}

# What lanes before this one left running still uses the slot.
hsm_wait_for() { while hsm_lane_lives "$1"; do sleep 1; done; }
for hsm_old in "$hsm_dir/lock/slot.$hsm_slot".*; do
  case ${hsm_old##*.} in *[!0-9]*) continue ;; esac
  [ "$hsm_old" = "$hsm_file" ] || hsm_wait_for "$hsm_old"
done
hsm_forget_before "slot.$hsm_slot" "$hsm_number"

# Ends in good order: main may start another lane here at once.
hsm_leave() {
  hsm_locks=$hsm_dir/lock
  hsm_give_up
  true >"$hsm_file.free"
  hsm_poke
  exit 0
}

# Ends in disorder: main tries again later. A claim without a start record is given back by the next probe.
hsm_stuck() {
  hsm_trouble "$1"
  exit 1
}

# Around each line of setup: what it prints is kept, to be told when it fails.
hsm_begin_line() {
  hsm_words=$1 hsm_said=$hsm_dir/setup.$hsm_slot.log
  exec 6>&1 7>&2 >"$hsm_said" 2>&1
}

# Ends the lane when the line before failed, unless with $1.
hsm_end_line() {
  hsm_code=$?
  hsm_log_line
  [ "$hsm_code" -eq 0 ] || [ "$hsm_code" -eq "${1:-0}" ] || hsm_setup_failed
}

hsm_log_line() {
  exec >&6 2>&7 6>&- 7>&-
  [ ! -s "$hsm_said" ] || cat "$hsm_said"
}

# Tells it as setupTrouble.ts reads it: the line, and the last that it said, with tabs between.
hsm_setup_failed() {
  trap - EXIT
  hsm_f=$(hsm_path=$hsm_dir/ awk '{ gsub(/\t/, " ") }
    # Shells put the file before their words.
    { while (at = index($0, ENVIRON["hsm_path"])) $0 = substr($0, 1, at - 1) substr($0, at + length(ENVIRON["hsm_path"])) }
    NF { said[++n] = $0 }
    END { for (i = n > 5 ? n - 4 : 1; i <= n; i++) printf "\t%s", substr(said[i], 1, 300) }' "$hsm_said")
  hsm_trouble "$(printf 'A line of setup failed:\t%s%s' "$hsm_words" "$hsm_f")"
  true >"$hsm_dir/setup.failed"
  hsm_leave
}

hsm_shell_ended() {
  # It may have come between two lines, and a redirection that fails would end this shell at once.
  if (: >&6) 2>/dev/null; then hsm_log_line; fi
  echo 'It ended the shell.' >>"$hsm_said"
  hsm_setup_failed
}

export HSM_SWEEP_ID="$hsm_sweep" HSM_SLOT="$hsm_slot" HSM_TASK='' HSM_ATTEMPT='' HSM_TASK_DIR=''
eval "hsm_gpus=\${hsm_gpus_$hsm_slot-none}"
# shellcheck disable=SC2154 # set by eval
[ "$hsm_gpus" = none ] || export CUDA_VISIBLE_DEVICES="$hsm_gpus" CUDA_DEVICE_ORDER=PCI_BUS_ID
# shellcheck source=src/adapters/direct/turns.sh
. "$hsm_dir/turns.sh"
cd "$hsm_project" || hsm_stuck "The project directory $hsm_project cannot be entered."
# shellcheck source=/dev/null
. "$hsm_dir/environment"
if [ -s "$hsm_dir/setup" ]; then
  trap hsm_shell_ended EXIT
  # shellcheck source=/dev/null
  . "$hsm_dir/setup"
  trap - EXIT
  hsm_listen
  # Back to what the lane counts on.
  set +aefuvxC
  unalias -a
  IFS=' 	
'
  cd "$hsm_project" || hsm_stuck "The project directory $hsm_project cannot be entered."
fi
hsm_set_clock
hsm_now
hsm_fresh='' hsm_short=0
exec 8>>"$hsm_file" 9>>"$hsm_dir/events"

# Keeps the output of the attempt before.
hsm_keep_logs() {
  for hsm_f in stdout stderr; do
    [ ! -e "$HSM_TASK_DIR/$hsm_f.log" ] ||
      mv "$HSM_TASK_DIR/$hsm_f.log" "$HSM_TASK_DIR/$hsm_f.attempt$((HSM_ATTEMPT - 1)).log"
  done
}

# Segment line: the directories of its tasks, made by the first lanes that come by.
d() {
  [ -e "$hsm_dir/taken/$hsm_segment.dirs" ] && return 0
  (cd "$hsm_tasks" && exec mkdir -p -- "$@") || hsm_stuck "The tasks' directories cannot be created in $hsm_tasks."
  true >"$hsm_dir/taken/$hsm_segment.dirs"
}

# Segment line: TASK ATTEMPT NAME PARAMS_YAML [VARIABLE=VALUE…] -- PROGRAM [ARGUMENT…]
t() {
  [ -e "$hsm_dir/claim/$1.$2" ] && return 0
  [ -e "$hsm_dir/pause" ] && hsm_leave
  [ -e "$hsm_dir/off/$hsm_slot" ] && hsm_leave
  [ -z "$hsm_terminated" ] || hsm_leave
  [ "$hsm_t" -lt "$hsm_due" ] || hsm_come_round "$1.$2" || return 0
  printf 't %s.%s .\n' "$1" "$2" >&8 || hsm_stuck "$hsm_file cannot be written: the disk is full or read-only."
  # The exclusive creation is the claim. `true`, because for `:` a refusal would end the shell.
  set -C
  { true >"$hsm_dir/claim/$1.$2"; } 2>/dev/null
  hsm_code=$?
  set +C
  if [ "$hsm_code" -ne 0 ]; then
    [ -e "$hsm_dir/claim/$1.$2" ] && return 0
    hsm_stuck "Tasks cannot be claimed in $hsm_dir/claim: the disk is full or not writable."
  fi
  HSM_TASK=$1 HSM_ATTEMPT=$2 HSM_TASK_DIR=$hsm_tasks/$3
  [ -d "$HSM_TASK_DIR" ] || mkdir -p -- "$HSM_TASK_DIR" || hsm_stuck "$HSM_TASK_DIR cannot be created."
  [ "$2" -eq 1 ] || hsm_keep_logs
  [ -z "$4" ] || printf '%s' "$4" >"$HSM_TASK_DIR/params.yaml" ||
    hsm_stuck "$HSM_TASK_DIR/params.yaml cannot be written: the disk is full or read-only."
  shift 4
  # The cheap way only after tasks were seen to be short, and never under a time limit: see task.sh.
  if [ -n "$hsm_timeout" ] || [ "$hsm_short" -lt 3 ]; then hsm_isolated "$@"; else hsm_inline "$@"; fi
  hsm_t=$((hsm_t - hsm_begin))
  if [ "$hsm_t" -le 1000 ]; then
    hsm_short=$((hsm_short + 1))
  elif [ "$hsm_t" -gt 2000 ]; then
    hsm_short=0
  fi
  hsm_t=$((hsm_t + hsm_begin))
}

# Runs the attempt in a wrapper that records it by itself.
hsm_isolated() {
  hsm_now
  hsm_begin=$hsm_t
  hsm_session "$hsm_sh" "$hsm_dir/task.sh" "$hsm_dir" "$hsm_file" $$ "$hsm_slot" "$hsm_where" "$hsm_proc" "$hsm_base" \
    "$hsm_timeout" "$@" </dev/null 8>&- 9>&-
  hsm_code=$?
  hsm_fresh=
  hsm_now
  [ "$hsm_code" -eq 0 ] && return 0
  set -C
  if { true >"$hsm_dir/claim/$HSM_TASK.$HSM_ATTEMPT.go"; } 2>/dev/null; then
    set +C
    # The wrapper could not be started, e.g. because the command is too long for one more program.
    hsm_inline "$@"
  else
    set +C
    # The wrapper was killed; its task may still use the slot. What the lane runs meanwhile is not the task's.
    HSM_TASK='' HSM_ATTEMPT='' HSM_TASK_DIR=''
    hsm_wait_for "$hsm_file"
  fi
}

# Runs the attempt right here.
hsm_inline() {
  # The end of the last task is the start of this one.
  [ -n "$hsm_fresh" ] || hsm_now
  hsm_begin=$hsm_t hsm_code=none
  {
    if printf '|S %s %s %s l %s %s %s %s .\n' "$HSM_TASK" "$HSM_ATTEMPT" "$hsm_slot" $$ "$hsm_since" "$hsm_where" \
      "$hsm_begin" >&9; then
      # Set by a cancel that came between the claim and the record above.
      if [ -e "$hsm_dir/cancel/$HSM_TASK.$HSM_ATTEMPT" ]; then
        hsm_code=143
      elif [ "$1" = -- ] && [ "${2#*/}" != "$2" ]; then
        # A path is no builtin or function, so it can be run without a copy of this shell in between.
        shift
        "$@" 8>&- 9>&-
        hsm_code=$?
      else
        (
          while [ "$1" != -- ]; do
            # shellcheck disable=SC2163 # the argument is NAME=VALUE
            export "$1"
            shift
          done
          shift
          # exec, so that no builtin or function of this shell is taken for the program.
          exec "$@" 8>&- 9>&-
        )
        hsm_code=$?
      fi
    fi
  } </dev/null >"$HSM_TASK_DIR/stdout.log" 2>"$HSM_TASK_DIR/stderr.log"
  [ "$hsm_code" != none ] || hsm_stuck "Attempts cannot be recorded in $HSM_TASK_DIR and $hsm_dir/events: is the disk full?"
  hsm_end "$hsm_code"
  # Unless a look at the machine came between.
  if [ -n "$hsm_witnessed" ]; then hsm_fresh=; else hsm_fresh=1; fi
}

while :; do
  hsm_again=
  for hsm_path in "$hsm_dir"/queue/*; do
    hsm_segment=${hsm_path##*/}
    [ -e "$hsm_dir/taken/$hsm_segment" ] && continue
    [ -e "$hsm_path" ] || continue
    hsm_again=1
    # shellcheck source=/dev/null
    . "$hsm_path"
    # Passed to its end, so every task of it is taken.
    true >"$hsm_dir/taken/$hsm_segment" || hsm_stuck "$hsm_dir cannot be written: the disk is full or read-only."
  done
  [ -n "$hsm_again" ] || hsm_leave
done
