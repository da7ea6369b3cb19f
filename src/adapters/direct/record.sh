# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # variables come from and go to the files that this is read with
# What the lane and the wrapper of one task share: the clock, the look at a process, the end of an attempt.
# Read by `.`; everything is named hsm_…, because a lane also runs the user's setup lines.

# Sets hsm_t: milliseconds since 1970, hsm_base being the milliseconds at boot. No fork where /proc is.
# Counted from boot, so that a step of the wall clock changes no duration.
hsm_now() {
  if [ -n "$hsm_base" ]; then
    read -r hsm_up hsm_rest </proc/uptime
    hsm_t=$((hsm_base + ${hsm_up%.*}${hsm_up#*.}0))
  else
    hsm_t=$(date +%s)000
  fi
}

# Sets hsm_state, hsm_parent and hsm_start of process $1; fails when there is none. With its start a process is
# told apart from a later one that has the same number.
hsm_look() {
  if [ -n "$hsm_proc" ]; then
    # 4711 (a (strange) name) S 1 4711 4711 0 -1 4194560 … : the name ends at the last parenthesis.
    { read -r hsm_line <"/proc/$1/stat"; } 2>/dev/null || return 1
    # shellcheck disable=SC2086 # numbers and one letter
    set -- ${hsm_line##*) }
    hsm_state=$1 hsm_parent=$2 hsm_start=${20}
  else
    # S 1 Mon Nov 22 07:09:01 2027
    # shellcheck disable=SC2046 # words without blanks or patterns
    set -- $(ps -o stat= -o ppid= -o lstart= -p "$1" 2>/dev/null)
    [ $# -ge 7 ] || return 1
    hsm_state=$1 hsm_parent=$2 hsm_start=$3_$4_$5_$6_$7
  fi
}

# Writes down what the machine is like, for the task that has just failed. A look takes a while, so failures that come
# soon after another share its look: hsm_machine is what their record says of it, in JSON. Not a file, which would cost a
# short task a good part of its time. Sets hsm_witnessed when it took time.
hsm_witness() {
  hsm_recall
  if [ "$hsm_t" -ge "$hsm_seen_due" ] || [ $((hsm_seen_at - hsm_t)) -ge 7000 ]; then
    hsm_f=0
    [ ! -e "$hsm_dir/witnessed" ] || read -r hsm_f <"$hsm_dir/witnessed"
    case $hsm_f in '' | *[!0-9]*) hsm_f=0 ;; esac
    # A look ends after six seconds at the latest.
    if [ "$hsm_f" -le "$hsm_seen_at" ] || [ $((hsm_t - hsm_f)) -ge 7000 ] || [ $((hsm_f - hsm_t)) -ge 7000 ]; then
      hsm_witnessed=1
      hsm_look_around
      return 0
    fi
    # Another slot is at it. What is not too old does until then; else this takes as long as for that one.
    [ $((hsm_t - hsm_seen_at)) -lt 10000 ] || hsm_await_look
  fi
  [ "$hsm_seen_at" -gt 0 ] || return 0
  # Slots differ in their GPUs.
  case $CUDA_VISIBLE_DEVICES in *[!A-Za-z0-9,.:/_-]*) hsm_f= ;; *) hsm_f=$CUDA_VISIBLE_DEVICES ;; esac
  hsm_machine=",\"machine\":{\"task\":\"$hsm_seen_for\",\"beforeMs\":$((hsm_t - hsm_seen_at)),\"gpus\":\"$hsm_f\""
  hsm_machine="$hsm_machine,\"text\":\"$hsm_seen\"}"
}

# Sets what the last look saw: hsm_seen_at when, hsm_seen_for which task, hsm_seen as a string of JSON; hsm_seen_due when
# the next is worth its time. A file to source, because `read` costs a system call for each byte.
hsm_recall() {
  hsm_seen_at=0 hsm_seen_due=0
  # shellcheck source=/dev/null
  [ ! -e "$hsm_dir/witness" ] || . "$hsm_dir/witness"
}

hsm_await_look() {
  hsm_witnessed=1 hsm_waited=0
  until hsm_recall && [ "$hsm_seen_at" -ge "$hsm_f" ]; do
    [ "$hsm_waited" -lt 60 ] || return 0
    # Some know whole seconds only.
    if sleep 0.1 2>/dev/null; then
      hsm_waited=$((hsm_waited + 1))
    else
      sleep 1
      hsm_waited=$((hsm_waited + 10))
    fi
  done
}

# Takes a look and shares it. Looks take no more than a twentieth of the time of a slot, but one may be taken each second.
hsm_look_around() {
  { printf '%s\n' "$hsm_t" >"$hsm_dir/witnessed"; } 2>/dev/null
  # A broken driver or network disk must not keep the end record waiting.
  hsm_f=
  ! command -v timeout >/dev/null 2>&1 || hsm_f='timeout -k 1 5'
  # shellcheck disable=SC2086 # words of our own
  { $hsm_f sh "$hsm_dir/failure.sh" </dev/null >"$HSM_TASK_DIR/failure.txt" 8>&- 9>&-; } 2>/dev/null
  hsm_end_at=$hsm_t
  hsm_now
  hsm_f=$(((hsm_t - hsm_end_at) * 20))
  [ "$hsm_f" -ge 1000 ] || hsm_f=1000
  hsm_t=$hsm_end_at
  hsm_share $((hsm_t + hsm_f)) 2>/dev/null
}

# $1: when the next look is worth its time. Whole or not at all, because a file that breaks off would end who sources it.
hsm_share() {
  hsm_f=$hsm_dir/witness.$HSM_TASK
  if {
    printf "hsm_seen_at=%s hsm_seen_due=%s hsm_seen_for='%s' hsm_seen='" "$hsm_t" "$1" "${HSM_TASK_DIR##*/}" &&
      LC_ALL=C sed -e 1d -e 's/[\\"]/\\&/g' -e "s/'/'\\\\''/g" -e 's/$/\\n/' "$HSM_TASK_DIR/failure.txt" |
      LC_ALL=C tr -d '\001-\037' && printf "'\n"
  } >"$hsm_f"; then mv -f "$hsm_f" "$hsm_dir/witness"; else rm -f "$hsm_f"; fi
}

# Records the end of the current attempt with exit code $1: HSM_TASK, HSM_ATTEMPT, begun at hsm_begin by process
# hsm_pid. The outcome exists nowhere else, so on a full disk it waits for room.
hsm_end() {
  hsm_why=-
  if [ -e "$hsm_dir/cancel/$HSM_TASK.$HSM_ATTEMPT" ]; then
    read -r hsm_why <"$hsm_dir/cancel/$HSM_TASK.$HSM_ATTEMPT"
    hsm_why=${hsm_why:-cancel}
  fi
  hsm_now
  hsm_witnessed='' hsm_machine=''
  if [ "$1" -ne 0 ] && [ "$hsm_why" != cancel ]; then hsm_witness; fi
  # Whoever reads of the end looks for its evidence at once.
  [ -z "$hsm_machine" ] || hsm_tell "$1"
  # One write: a shell may write each line by itself. `|` begins a record, so that one that was torn before it by a
  # kill or a full disk spoils only itself.
  until printf '|E %s %s %s %s %s .\n' "$HSM_TASK" "$HSM_ATTEMPT" "$1" "$hsm_t" "$hsm_why" >&9; do sleep 5; done
  [ -n "$hsm_machine" ] || hsm_tell "$1"
}

# Writes the attempt's record into its directory.
hsm_tell() {
  if [ "$hsm_why" = - ]; then hsm_f=; else hsm_f=",\"endedBy\":\"$hsm_why\""; fi
  printf '{"attempt":%s,"slot":%s,"pid":%s,"startedAtMs":%s,"endedAtMs":%s,"exitCode":%s%s}\n' "$HSM_ATTEMPT" \
    "$hsm_slot" "$hsm_pid" "$hsm_begin" "$hsm_t" "$1" "$hsm_f$hsm_machine" >>"$HSM_TASK_DIR/attempts.jsonl"
}
