# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables come from and go to the files that this is read with
# Ends attempts from outside of them: on request, or when their time is over. Read by runner.sh after verdict.sh.

hsm_cancel() {
  hsm_withdraw
  [ -n "$hsm_claimed" ] || return 0
  # First the marks, then the look at the log: an attempt whose start is not there yet will find its mark.
  hsm_open=$(hsm_not_ended)
  hsm_mark cancel "$hsm_open"
  hsm_open=$(hsm_running "$hsm_open")
  # shellcheck disable=SC2086 # numbers and letters
  [ -z "$hsm_open" ] || hsm_detach "$hsm_sh" "$hsm_dir/runner.sh" kill $hsm_open
}

# Of hsm_claimed those without an end in the log.
hsm_not_ended() {
  {
    # shellcheck disable=SC2086 # words
    printf '%s\n' $hsm_claimed
    echo '#events'
    cat "$hsm_dir/events"
  } | awk '
    /^#/ { events = 1; next }
    !events { wanted[$1] = 1; next }
    { sub(/^.*[|]/, "") }
    /^[ELR]/ && $NF == "." { delete wanted[$2 "." $3] }
    END { for (key in wanted) print key }'
}

# Writes down for each attempt of $2 that it is ended because of $1. The first reason stays.
hsm_mark() {
  set -C
  for hsm_key in $2; do
    { printf '%s\n' "$1" >"$hsm_dir/cancel/$hsm_key"; } 2>/dev/null
  done
  set +C
}

# Of the attempts $1 those that started and have not ended, `TASK ATTEMPT SLOT MODE PID START` each.
hsm_running() {
  {
    # shellcheck disable=SC2086 # words
    printf '%s\n' $1
    echo '#events'
    cat "$hsm_dir/events"
  } | awk -v where="$hsm_where" '
    /^#/ { events = 1; next }
    !events { wanted[$1] = 1; next }
    { sub(/^.*[|]/, "") }
    $NF != "." || !($2 "." $3 in wanted) { next }
    $1 == "S" && $8 == where { line[$2 "." $3] = $2 " " $3 " " $4 " " $5 " " $6 " " $7 }
    $1 == "E" || $1 == "L" { delete line[$2 "." $3]; delete wanted[$2 "." $3] }
    END { for (key in line) print line[key] }'
}

# Ends attempt $2.$3 when $1 seconds are over: slot $4, mode $5, process $6 since $7. The wrapper ends this first.
hsm_watch() {
  trap 'kill $! 2>/dev/null; exit 0' TERM
  sleep "$1" &
  wait $!
  shift
  hsm_mark timeout "$1.$2"
  hsm_detach "$hsm_sh" "$hsm_dir/runner.sh" kill "$@"
}

# Ends the attempts given as `TASK ATTEMPT SLOT MODE PID START` each: SIGTERM, after the grace period SIGKILL. The
# process that records the attempt is spared, so that it can.
hsm_kill() {
  hsm_targets=$*
  hsm_victims=
  hsm_send TERM
  hsm_waited=0
  while hsm_remaining && [ "$hsm_waited" -lt "$hsm_grace" ]; do
    sleep 1
    hsm_waited=$((hsm_waited + 1))
  done
  hsm_waited=0
  while hsm_remaining && [ "$hsm_waited" -lt 5 ]; do
    hsm_send KILL
    sleep 1
    hsm_waited=$((hsm_waited + 1))
  done
  hsm_record_for_dead
}

# Sends signal $1 to all processes of the targets, adding them to hsm_victims, `PID:START` a word.
hsm_send() {
  # shellcheck disable=SC2086 # numbers and letters
  set -- "$1" $hsm_targets
  hsm_signal=$1
  shift
  while [ $# -ge 6 ]; do
    for hsm_victim in $(hsm_processes_of "$@"); do
      case " $hsm_victims " in
        *" $hsm_victim "*) ;;
        *) hsm_victims="$hsm_victims $hsm_victim" ;;
      esac
    done
    shift 6
  done
  for hsm_victim in $hsm_victims; do
    hsm_lives "${hsm_victim%%:*}" "${hsm_victim#*:}" && kill -s "$hsm_signal" "${hsm_victim%%:*}" 2>/dev/null
  done
}

# The processes of task $1 attempt $2 in slot $3, mode $4, recorded by process $5 since $6, without the recorder:
# its group, its session, its descendants, and whoever has the attempt in its environment.
hsm_processes_of() {
  {
    if [ "$4" = i ]; then
      hsm_family "$5" "$6"
    elif hsm_is_at "$3" "$1.$2"; then
      # A lane goes on to other tasks: its processes are this task's only if it is at it before and after the look.
      hsm_list=$(hsm_family "$5" "$6")
      hsm_is_at "$3" "$1.$2" && printf '%s\n' "$hsm_list"
    fi
    if [ -n "$hsm_proc" ]; then
      # shellcheck disable=SC2013 # one word a line
      for hsm_f in $(grep -lzxF "HSM_SWEEP_ID=$hsm_sweep" /proc/[0-9]*/environ 2>/dev/null); do
        grep -qzxF "HSM_TASK=$1" "$hsm_f" 2>/dev/null || continue
        grep -qzxF "HSM_ATTEMPT=$2" "$hsm_f" 2>/dev/null || continue
        hsm_f=${hsm_f#/proc/}
        hsm_f=${hsm_f%/environ}
        hsm_look "$hsm_f" && [ "$hsm_f" != "$5" ] && printf '%s:%s\n' "$hsm_f" "$hsm_start"
      done
    fi
  } | sort -u
}

# Whether the lane of slot $1 is at attempt $2.
hsm_is_at() {
  hsm_last "slot.$1"
  # shellcheck disable=SC2046 # words of our own
  set -- "$2" $(tail -n 1 "$hsm_dir/lock/slot.$1.$hsm_n")
  [ "$2" = t ] && [ "$3" = "$1" ]
}

# Group, session and descendants of process $1 since $2, without itself, `PID:START` a line. Nothing when the number
# has been given to another process since, which proves group and session empty.
hsm_family() {
  hsm_processes | awk -v p="$1" -v since="$2" '
    /^#/ { next }
    { start[$1] = $2; parent[$1] = $5; of[$1] = ($3 == p || $4 == p) }
    END {
      if (p in start && start[p] != since) exit
      for (i in start) {
        mine = of[i]
        for (j = i; !mine && j > 1 && j in parent; j = parent[j]) mine = parent[j] == p
        if (mine && i != p) print i ":" start[i]
      }
    }'
}

# Whether a victim lives, or a process that is to record an end and has not.
hsm_remaining() {
  for hsm_victim in $hsm_victims; do
    hsm_lives "${hsm_victim%%:*}" "${hsm_victim#*:}" && return 0
  done
  # shellcheck disable=SC2046 # numbers and letters
  set -- $(hsm_open_targets)
  while [ $# -ge 6 ]; do
    hsm_lives "$5" "$6" && return 0
    shift 6
  done
  return 1
}

hsm_open_targets() {
  # shellcheck disable=SC2086 # numbers and letters
  hsm_running "$(printf '%s.%s%.0s%.0s%.0s%.0s\n' $hsm_targets)"
}

# Writes the end of targets whose recorder is dead or does not answer.
hsm_record_for_dead() {
  hsm_left=$(hsm_open_targets)
  [ -n "$hsm_left" ] || return 0
  # shellcheck disable=SC2086 # numbers and letters
  set -- $hsm_left
  while [ $# -ge 6 ]; do
    if hsm_lives "$5" "$6" && { [ "$4" = i ] || hsm_is_at "$3" "$1.$2"; }; then
      kill -s KILL "$5"
      sleep 1
    fi
    shift 6
  done
  hsm_take_verdict || return 1
  hsm_open_targets | while read -r hsm_task hsm_attempt hsm_slot hsm_mode hsm_pid hsm_since; do
    hsm_group_lives "$hsm_pid" "$hsm_since" && continue
    read -r hsm_why <"$hsm_dir/cancel/$hsm_task.$hsm_attempt"
    hsm_now
    printf '|E %s %s 137 %s %s .\n' "$hsm_task" "$hsm_attempt" "$hsm_t" "${hsm_why:-cancel}" >>"$hsm_dir/events"
  done
  hsm_release_verdict
}
