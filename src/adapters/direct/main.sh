# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables come from and go to the files that this is read with
# The main process: gives every wanted slot a lane while there is work, and ends with the last lane. Lanes do not need
# it to go on; when it is killed, the next `start` makes another.
hsm_poked='' hsm_tick_pid=''
# The tick is ended too, so that a poke between two commands is not slept over.
trap 'hsm_poked=1; [ -z "$hsm_tick_pid" ] || kill "$hsm_tick_pid" 2>/dev/null' USR1
hsm_set_clock

# Before the first lane of a boot: claims from before it are no longer safe to call unstarted.
hsm_last main
if [ "$hsm_n" -gt 0 ]; then
  read -r hsm_f hsm_f hsm_f hsm_there <"$hsm_dir/lock/main.$hsm_n"
  [ "$hsm_there" = "$hsm_where" ] || "$hsm_sh" "$hsm_dir/runner.sh" probe >/dev/null
fi
hsm_take main || exit 0
# The caller waits for the end of this: from now on the lock tells of a runner.
exec >>"$hsm_dir/runner.log"
hsm_forget_before main "$hsm_n"
hsm_number=$hsm_n

# Whether slot $1 is to have a lane.
hsm_wanted() { [ ! -e "$hsm_dir/pause" ] && [ ! -e "$hsm_dir/setup.failed" ] && [ "$1" -le "$hsm_slots" ]; }

# Starts the lanes that are missing. Sets hsm_lanes to how many live, hsm_missing when a wanted one does not.
# A lane that ended in disorder within the last tick is not started anew at once.
hsm_staff() {
  hsm_lanes=0 hsm_missing=
  read -r hsm_slots <"$hsm_dir/slots" || hsm_slots=0
  hsm_now
  for hsm_k in $(hsm_numbers); do
    if hsm_held "slot.$hsm_k"; then
      hsm_lanes=$((hsm_lanes + 1))
    elif hsm_wanted "$hsm_k" && hsm_work; then
      hsm_missing=1
      eval "hsm_last_start=\${hsm_started_$hsm_k:-0}"
      # shellcheck disable=SC2154 # set by eval
      if [ -e "$hsm_dir/lock/slot.$hsm_k.$hsm_n.free" ] || [ $((hsm_t - hsm_last_start)) -ge $((hsm_tick * 1000)) ]; then
        eval "hsm_started_$hsm_k=\$hsm_t"
        hsm_detach "$hsm_sh" "$hsm_dir/runner.sh" lane "$hsm_k"
      fi
    fi
  done
}

# The numbers of all slots that are wanted or have had a lane.
hsm_numbers() {
  {
    hsm_k=1
    while [ "$hsm_k" -le "$hsm_slots" ]; do
      printf '%s\n' "$hsm_k"
      hsm_k=$((hsm_k + 1))
    done
    for hsm_f in "$hsm_dir"/lock/slot.*; do
      hsm_f=${hsm_f#"$hsm_dir/lock/slot."}
      printf '%s\n' "${hsm_f%%.*}"
    done
  } | grep '^[0-9]' | sort -nu
}

while [ -e "$hsm_dir/lock/main.$hsm_number" ]; do
  hsm_poked=
  hsm_staff
  if [ "$hsm_lanes" -eq 0 ] && [ -z "$hsm_missing" ] && [ -z "$hsm_poked" ]; then
    # From here on a `start` makes a new main; whatever was queued before is seen by the look after.
    true >"$hsm_dir/lock/main.$hsm_number.free"
    hsm_work && hsm_wanted 1 || exit 0
    hsm_take main || exit 0
    hsm_forget_before main "$hsm_n"
    hsm_number=$hsm_n
    continue
  fi
  sleep "$hsm_tick" &
  hsm_tick_pid=$!
  [ -z "$hsm_poked" ] || kill "$hsm_tick_pid" 2>/dev/null
  wait "$hsm_tick_pid" 2>/dev/null
  hsm_tick_pid=
  # So that a power cut takes no more than a tick from the log and the claims. Elsewhere this would sync all disks.
  [ -n "$hsm_poked" ] || [ -z "$hsm_proc" ] || sync "$hsm_dir/events" "$hsm_dir/claim" 2>/dev/null
done
