# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables come from and go to the files that this is read with
# Verdicts on attempts, given from outside of them: gone, or taken back. Read by runner.sh; not on any hot path.
# All that append verdicts hold the lock `verdict`, so that none is written twice.

hsm_take_verdict() {
  hsm_tries=0 hsm_unheld=0
  until hsm_take verdict; do
    hsm_tries=$((hsm_tries + 1))
    [ "$hsm_tries" -lt 30 ] || return 1
    if hsm_held verdict; then
      sleep 1
    else
      # Refused and held by nobody, again and again: it cannot be written, and waiting would not help.
      hsm_unheld=$((hsm_unheld + 1))
      [ "$hsm_unheld" -lt 3 ] || return 1
    fi
  done
  hsm_verdict=$hsm_n
  hsm_forget_before verdict "$hsm_n"
  hsm_set_clock
}

hsm_release_verdict() { true >"$hsm_dir/lock/verdict.$hsm_verdict.free"; }

# Appends the verdict $1 (L or R) on task $2 attempt $3 with the evidence $4.
hsm_write_verdict() {
  hsm_now
  printf '|%s %s %s %s %s .\n' "$1" "$2" "$3" "$hsm_t" "$4" >>"$hsm_dir/events"
}

# The first and last line of every lane's file.
hsm_lane_lines() {
  for hsm_f in "$hsm_dir"/lock/slot.*; do
    case ${hsm_f##*.} in *[!0-9]*) continue ;; esac
    head -n 1 "$hsm_f"
    tail -n 1 "$hsm_f"
  done
}

# See survey.awk. Claims by `ls -f`, which does not sort.
hsm_survey() {
  {
    printf '#claims\n'
    ls -f "$hsm_dir/claim"
    printf '#lanes\n'
    hsm_lane_lines
    printf '#procs\n'
    hsm_processes
    printf '#events\n'
    cat "$hsm_dir/events"
  } | LC_ALL=C awk -v where="$hsm_where" -v reboot="$hsm_rebooted" -f "$hsm_dir/survey.awk"
}

# Prints `lanes`, `live`, `foreign`, `main`, `work`, `paused` with numbers, and `trouble` with a sentence.
hsm_probe() {
  hsm_rebooted=
  hsm_last main
  if [ "$hsm_n" -gt 0 ]; then
    read -r hsm_f hsm_f hsm_f hsm_there <"$hsm_dir/lock/main.$hsm_n"
    [ "$hsm_there" = "$hsm_where" ] || [ "${hsm_there#*@}" != "$hsm_host" ] || hsm_rebooted=1
  fi
  hsm_found=$(hsm_survey)
  case $hsm_found in
    *[LR]\ [0-9]*) hsm_judge ;;
  esac
  printf '%s\n' "$hsm_found" | grep '^[a-z]'
  if hsm_held main; then echo main 1; else echo main 0; fi
  if hsm_work; then echo work 1; else echo work 0; fi
  if [ -e "$hsm_dir/pause" ]; then echo paused 1; else echo paused 0; fi
  hsm_say_trouble
}

# Prints what a probe finds, then `log BEGIN END` and these bytes of the log: from offset $1, or all of it when it is
# shorter than that. Verdicts of the probe are among them.
hsm_news() {
  hsm_probe
  hsm_log_end=$(wc -c <"$hsm_dir/events") || exit 1
  hsm_log_end=$((hsm_log_end))
  hsm_log_begin=$1
  [ "$hsm_log_begin" -le "$hsm_log_end" ] || hsm_log_begin=0
  printf 'log %s %s\n' "$hsm_log_begin" "$hsm_log_end"
  tail -c "+$((hsm_log_begin + 1))" "$hsm_dir/events" | head -c "$((hsm_log_end - hsm_log_begin))"
}

hsm_say_trouble() {
  # More than a file that is there already could take.
  head -c 65536 /dev/zero >"$hsm_dir/room" 2>/dev/null
  hsm_f=$?
  rm -f "$hsm_dir/room"
  if [ "$hsm_f" -ne 0 ]; then
    echo "trouble The disk under $hsm_dir is full or cannot be written, so no more tasks are started."
  elif [ -e "$hsm_dir/setup.failed" ] && [ -e "$hsm_dir/trouble" ]; then
    printf 'trouble '
    cat "$hsm_dir/trouble"
  fi
}

# Looks a second time, and writes the verdicts that both looks agree on.
hsm_judge() {
  hsm_take_verdict || return 0
  hsm_before=$hsm_found
  hsm_found=$(hsm_survey)
  printf '%s\n' "$hsm_found" | while read -r hsm_kind hsm_task hsm_attempt hsm_words; do
    case $hsm_kind in L | R) ;; *) continue ;; esac
    case $hsm_before in *"$hsm_kind $hsm_task $hsm_attempt "*) ;; *) continue ;; esac
    if [ "$hsm_kind" = R ]; then
      hsm_forbid_start "$hsm_task.$hsm_attempt" "$hsm_words" || continue
      hsm_words='it was taken, but its lane died before the start'
    fi
    hsm_write_verdict "$hsm_kind" "$hsm_task" "$hsm_attempt" "$hsm_words"
  done
  hsm_release_verdict
}

# Makes sure that no wrapper on its way starts attempt $1: see task.sh. A file that was there before the look ($2 is
# `go`) belongs to a process that the look found dead.
hsm_forbid_start() {
  [ "$2" = go ] || (set -C && true >"$hsm_dir/claim/$1.go") 2>/dev/null
}

# Takes back the attempts on standard input that are not claimed; leaves the others in hsm_claimed, `T.A` a word.
hsm_withdraw_unclaimed() {
  hsm_claimed=
  set -C
  while read -r hsm_task hsm_attempt; do
    if { true >"$hsm_dir/claim/$hsm_task.$hsm_attempt"; } 2>/dev/null; then
      hsm_write_verdict R "$hsm_task" "$hsm_attempt" 'it was taken back before it started' || return 1
    elif [ -e "$hsm_dir/claim/$hsm_task.$hsm_attempt" ]; then
      hsm_claimed="$hsm_claimed $hsm_task.$hsm_attempt"
    else
      return 1
    fi
  done
  set +C
}

hsm_withdraw() {
  hsm_take_verdict || exit 1
  hsm_withdraw_unclaimed || exit 1
  hsm_release_verdict
  hsm_poke_waiting
}
