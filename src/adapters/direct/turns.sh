# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables come from and go to the files that this is read with
# How the lanes of all sweeps of a source take turns at its slots. Read by lane.sh.
#
# A lane runs tasks only while it holds every lock of its slot in hsm_shared: `slot.K`, or `gpu.N` for each of its GPUs.
# See runner.sh for locks; a second line `f LANE_FILE` leads to the task that a killed holder may have left running, a
# third `s SWEEP` is for people. Who finds a lock held stands in line for it with a file `wait.LOCK.N` of the same
# content, and only the first in line may take it. Whoever gives a lock up wakes the first in line.
hsm_rooms='' hsm_holds='' hsm_place='' hsm_asked_at='' hsm_inside=''
# Milliseconds; a turn is never over where nobody shares.
hsm_due=999999999999999
hsm_about="f $hsm_file
s $hsm_sweep"

if [ -n "$hsm_shared" ]; then
  hsm_due=0
  [ -d "$hsm_shared" ] || mkdir -p "$hsm_shared" || hsm_stuck "$hsm_shared cannot be created."
  if [ "$hsm_gpus" = none ]; then
    hsm_rooms=slot.$hsm_slot
  else
    # In the order of their numbers, so that two lanes never wait for each other.
    for hsm_g in $(printf '%s\n' "$hsm_gpus" | awk -F, '{ for (i = 1; i <= NF; i++) print $i }' | sort -n); do
      hsm_rooms="$hsm_rooms gpu.$hsm_g"
    done
  fi
fi

# Sees to it that the lane holds its slot, and lets others have it when its turn is over. Fails when attempt $1 was taken
# by another lane meanwhile.
hsm_come_round() {
  if [ -n "$hsm_inside" ]; then
    hsm_due=$((hsm_t + 1000))
    hsm_others_wait || return 0
    hsm_give_up
  fi
  hsm_locks=$hsm_shared
  hsm_enter "$1"
  hsm_f=$?
  hsm_locks=$hsm_dir/lock
  return "$hsm_f"
}

hsm_others_wait() {
  for hsm_g in $hsm_rooms; do
    hsm_find_first "$hsm_g" && return 0
  done
  return 1
}

# Waits for the locks of the slot. What it has of them, and its place in line, it keeps when it fails.
hsm_enter() {
  for hsm_room in $hsm_rooms; do
    hsm_woken='' hsm_seconds=1
    until hsm_get "$hsm_room"; do
      [ -d "$hsm_dir" ] || exit 0
      hsm_check_stop
      [ ! -e "$hsm_dir/claim/$1" ] || return 1
      [ -n "$hsm_asked_at" ] || hsm_say_waiting
      hsm_nap "$hsm_seconds"
      [ "$hsm_seconds" -ge "$hsm_tick" ] || hsm_seconds=$((hsm_seconds + 1))
    done
  done
  # The slot may have come free in the moment of a pause.
  hsm_check_stop
  hsm_begin_turn
}

# Ends the lane when it is to start nothing more.
hsm_check_stop() {
  if [ -e "$hsm_dir/pause" ] || [ -e "$hsm_dir/off/$hsm_slot" ] || [ -n "$hsm_terminated" ]; then hsm_leave; fi
}

# Takes lock $1 when it is this lane's turn; fails when it is not, or when what it is for is still in use.
hsm_get() {
  case "$hsm_holds " in
    *" $1."*) ;;
    *)
      # The last look comes after the place in line, so that no wake-up is missed.
      hsm_may_take "$1" || { hsm_stand_in_line "$1" && hsm_may_take "$1"; } || return 1
      hsm_take "$1" "$hsm_about" || { hsm_check_writable && return 1; }
      hsm_holds="$hsm_holds $1.$hsm_n"
      hsm_leave_line
      ;;
  esac
  hsm_g=${hsm_holds##*" $1."}
  hsm_is_left_alone "$1" "${hsm_g%% *}"
}

hsm_may_take() {
  if hsm_find_first "$1" && [ "$hsm_first" != "$hsm_place" ]; then return 1; fi
  ! hsm_held "$1"
}

# Whether nothing lives that killed holders of lock $1 before number $2 left running. If so, they are forgotten.
hsm_is_left_alone() {
  for hsm_old in "$hsm_shared/$1".*; do
    hsm_g=${hsm_old##*.}
    case $hsm_g in *[!0-9]*) continue ;; esac
    if [ "$hsm_g" -ge "$2" ] || [ -e "$hsm_old.free" ]; then continue; fi
    { read -r hsm_f && IFS= read -r hsm_f; } <"$hsm_old"
    ! hsm_lane_lives "${hsm_f#f }" || return 1
  done
  hsm_forget_before "$1" "$2"
}

# Sets hsm_first to the file of the first in line for lock $1 who lives, and hsm_holder to the process; fails when there
# is none. Takes the dead out of the line.
hsm_find_first() {
  for hsm_first in "$hsm_shared/wait.$1".*; do
    [ -e "$hsm_first" ] || continue
    hsm_holder='' hsm_there=''
    { read -r hsm_f hsm_holder hsm_held_since hsm_there <"$hsm_first"; } 2>/dev/null
    [ "$hsm_there" = "$hsm_where" ] && hsm_lives "$hsm_holder" "$hsm_held_since" && return 0
    rm -f "$hsm_first"
  done
  return 1
}

hsm_stand_in_line() {
  [ -z "$hsm_place" ] || [ ! -e "$hsm_place" ] || return 0
  hsm_mine=$hsm_shared/.wait.$$
  hsm_identify "$hsm_about" >"$hsm_mine" || hsm_check_writable
  # Numbers of one length, so that the line is in the order of its files' names.
  hsm_next=10000000
  for hsm_f in "$hsm_shared/wait.$1".*; do
    [ ! -e "$hsm_f" ] || hsm_next=${hsm_f##*.}
  done
  hsm_tries=0
  while :; do
    hsm_next=$((hsm_next + 1)) hsm_tries=$((hsm_tries + 1))
    hsm_place=$hsm_shared/wait.$1.$hsm_next
    ! hsm_put "$hsm_mine" "$hsm_place" || break
    [ "$hsm_tries" -lt 100 ] || hsm_check_writable
  done
  rm -f "$hsm_mine"
}

# Wakes whoever is next, since a wake-up may have been meant for this lane.
hsm_leave_line() {
  [ -n "$hsm_place" ] || return 0
  rm -f "$hsm_place"
  hsm_f=${hsm_place##*/wait.}
  hsm_place=
  hsm_wake_next "${hsm_f%.*}"
}

hsm_wake_next() { ! hsm_find_first "$1" || kill -USR1 "$hsm_holder" 2>/dev/null; }

hsm_give_up() {
  for hsm_g in $hsm_holds; do
    # The end of the lane gives up what it cannot mark.
    true >"$hsm_shared/$hsm_g.free" || exit 1
    hsm_wake_next "${hsm_g%.*}"
  done
  hsm_leave_line
  hsm_holds='' hsm_inside='' hsm_due=0
}

# Notes in the lane's file that it waits, and for which sweep.
hsm_say_waiting() {
  hsm_set_clock
  hsm_now
  hsm_asked_at=$hsm_t hsm_by=
  hsm_last "$hsm_room"
  { { read -r hsm_f && read -r hsm_f && read -r hsm_f hsm_by; } <"$hsm_shared/$hsm_room.$hsm_n"; } 2>/dev/null
  printf 'q %s .\n' "$hsm_by" >&8
}

# Sets when the lane has to look whether others wait: a turn lasts two seconds, and at least its share of the time that
# was waited for it, so that a sweep of short tasks gets on beside one of long tasks.
hsm_begin_turn() {
  hsm_now
  hsm_g=2000
  if [ -n "$hsm_asked_at" ]; then
    printf 'g .\n' >&8
    hsm_k=2
    for hsm_f in "$hsm_shared/wait.$hsm_room".*; do
      [ ! -e "$hsm_f" ] || hsm_k=$((hsm_k + 1))
    done
    hsm_k=$(((hsm_t - hsm_asked_at) / hsm_k))
    [ "$hsm_k" -le "$hsm_g" ] || hsm_g=$hsm_k
  fi
  hsm_due=$((hsm_t + hsm_g)) hsm_inside=1 hsm_asked_at='' hsm_fresh=''
}

hsm_check_writable() {
  true >"$hsm_shared/.wait.$$" && rm -f "$hsm_shared/.wait.$$" && return 0
  hsm_stuck "$hsm_shared cannot be written, so it cannot be told which slots are free: is the disk full or read-only?"
}

# Waits $1 seconds, or until it is woken.
hsm_nap() {
  sleep "$1" 8>&- 9>&- &
  hsm_nap_pid=$!
  [ -z "$hsm_woken" ] || kill "$hsm_nap_pid" 2>/dev/null
  wait "$hsm_nap_pid" 2>/dev/null
  hsm_nap_pid='' hsm_woken=''
}
