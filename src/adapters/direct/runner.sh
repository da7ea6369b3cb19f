#!/bin/sh
# shellcheck disable=SC2034,SC2154 # variables go to and come from the files that this reads
# Runs the tasks of one sweep on this machine, with nothing but sh and the standard tools, and with nobody connected.
# usage: sh RUN_DIR/runner.sh VERB [ARGUMENT…]
#
#   prepare SLOTS         check what tasks need here, and set the number of slots unless it is set
#   start                 see to it that a main process is at work
#   control SLOTS PAUSED  set the number of slots and 0 or 1 for paused, then start
#   probe                 prove which attempts are gone, record that, tell what lives
#   news OFFSET           the same, then the log from that byte on
#   cancel, withdraw      attempts on standard input, one `TASK ATTEMPT` a line
#   main, lane, watch, kill   processes of the runner itself
#
# In RUN_DIR: config, environment, setup (written by the caller); queue/* segments of tasks, read by `.`;
# claim/T.A taken attempts; events the log; taken/* finished segments; lock/* who is at work; off/K, pause, slots.
hsm_dir=${0%/*}
unset HSM_TASK HSM_ATTEMPT HSM_TASK_DIR
# shellcheck source=/dev/null
. "$hsm_dir/config"
# shellcheck source=src/adapters/direct/record.sh
. "$hsm_dir/record.sh"

# Unless told which, lanes run in the fastest shell. Setup lines are written for the system's own.
if [ -z "$hsm_sh" ]; then
  hsm_sh="sh"
  [ -s "$hsm_dir/setup" ] || ! command -v dash >/dev/null 2>&1 || hsm_sh=dash
fi

# Where this is: processes are compared only within one boot of one machine.
if [ -r /proc/self/stat ] && [ -r /proc/sys/kernel/random/boot_id ]; then
  hsm_proc=1
  read -r hsm_boot </proc/sys/kernel/random/boot_id
  read -r hsm_host </proc/sys/kernel/hostname
  hsm_boot=${hsm_boot%%-*}
else
  hsm_proc=
  hsm_host=$(uname -n)
  hsm_boot=$(sysctl -n kern.bootsessionuuid 2>/dev/null) || hsm_boot=0
fi
hsm_where=$hsm_boot@$hsm_host
# Machines that have the directory in common have slots and GPUs of their own.
[ -z "$hsm_shared" ] || hsm_shared=$hsm_shared/$hsm_host

# Sets hsm_base, see hsm_now; empty where there is no /proc/uptime.
hsm_set_clock() {
  hsm_base=
  [ -n "$hsm_proc" ] && [ -r /proc/uptime ] || return 0
  hsm_t=$(date +%s%N)
  case $hsm_t in
    *[!0-9]*) hsm_t= ;; # a date without %N
    ???????????????????) hsm_t=${hsm_t%??????} ;;
    *) hsm_t= ;;
  esac
  [ -n "$hsm_t" ] || hsm_t=$(date +%s)000
  read -r hsm_up hsm_rest </proc/uptime
  hsm_base=$((hsm_t - ${hsm_up%.*}${hsm_up#*.}0))
}

# Runs a command in a session of its own that ends with it.
hsm_session() {
  if [ "$hsm_leader" = setsid ]; then
    setsid "$@"
  elif [ "$hsm_leader" = perl ]; then
    perl -MPOSIX -e 'POSIX::setsid(); exec { $ARGV[0] } @ARGV; exit 127' "$@"
  else
    "$@"
  fi
}
hsm_leader=
if command -v setsid >/dev/null 2>&1; then
  hsm_leader=setsid
elif command -v perl >/dev/null 2>&1; then
  hsm_leader=perl
fi

# Starts a command apart from this process and its session. Without `&` where that can be: a shell without job control
# makes background commands ignore SIGINT, and their children could never undo it.
hsm_apart() {
  case $hsm_leader in
    # The first setsid leads a session, so the second has to fork, and its parent ends at once.
    setsid) setsid setsid "$@" ;;
    perl) perl -MPOSIX -e 'exit 0 if fork; POSIX::setsid(); exec { $ARGV[0] } @ARGV; exit 127' "$@" ;;
    *) nohup "$@" & ;;
  esac </dev/null 2>>"$hsm_dir/runner.log" 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
}

# The same, holding nothing open of this process.
hsm_detach() { hsm_apart "$@" >>"$hsm_dir/runner.log"; }

# Whether process $1 that started at $2 lives.
hsm_lives() {
  hsm_look "$1" && [ "$hsm_start" = "$2" ] || return 1
  case $hsm_state in Z* | X*) return 1 ;; esac
}

# All processes that are no zombies, one `PID START GROUP SESSION PARENT` a line. Without the line `#all` at its end the
# list is cut off: whoever makes it can be killed, too.
hsm_processes() {
  if [ -n "$hsm_proc" ]; then
    # Processes that end meanwhile make cat fail.
    {
      cat /proc/[0-9]*/stat 2>/dev/null
      [ $? -ge 128 ] || echo '#all'
    } | awk '/^#/ { print; next }
      { pid = $1; sub(/^.*\) /, ""); if ($1 != "Z" && $1 != "X") print pid, $20, $3, $4, $2 }'
  else
    { ps -A -o pid= -o pgid= -o ppid= -o stat= -o lstart= && echo '#all'; } |
      awk '/^#/ { print; next } $4 !~ /^Z/ { print $1, $5 "_" $6 "_" $7 "_" $8 "_" $9, $2, 0, $3 }'
  fi
}

# Whether process $1 that started at $2, or one of the group and session it led, lives.
hsm_group_lives() {
  hsm_lives "$1" "$2" && return 0
  # The number is not given again while a group or session has it, so another process there proves both empty.
  [ -n "$hsm_proc" ] && hsm_look "$1" && [ "$hsm_start" != "$2" ] && return 1
  # Only a whole list proves that nobody is left.
  hsm_processes | awk -v p="$1" '/^#/ { whole = 1; next } $3 == p || $4 == p { found = 1 } END { exit whole && !found ? 3 : 0 }'
  [ $? -ne 3 ]
}

# Locks. Holder number N of a lock has the file lock/NAME.N, its first line `h PID START WHERE`, and the lock is his
# while he lives and lock/NAME.N.free is absent. Numbers only grow, and the last file is never removed: a takeover is
# the creation of the next file, which one of many succeeds in.

hsm_locks=$hsm_dir/lock

# Sets hsm_n to the number of the last holder of lock $1, 0 without one.
hsm_last() {
  hsm_n=0
  for hsm_f in "$hsm_locks/$1".*; do
    hsm_f=${hsm_f##*.}
    case $hsm_f in *[!0-9]*) continue ;; esac
    [ "$hsm_f" -gt "$hsm_n" ] && hsm_n=$hsm_f
  done
}

# Whether lock $1 is held, by the process hsm_holder. Sets hsm_foreign when that is on another machine, where it
# cannot be seen and is left alone.
hsm_held() {
  hsm_foreign=
  hsm_last "$1"
  [ "$hsm_n" -gt 0 ] && [ ! -e "$hsm_locks/$1.$hsm_n.free" ] || return 1
  read -r hsm_f hsm_holder hsm_held_since hsm_there <"$hsm_locks/$1.$hsm_n"
  [ "$hsm_there" = "$hsm_where" ] && hsm_lives "$hsm_holder" "$hsm_held_since" && return 0
  [ "${hsm_there#*@}" != "$hsm_host" ] && hsm_foreign=${hsm_there#*@}
  [ -n "$hsm_foreign" ]
}

# Prints the lines that tell who this process is, and what else there is to tell, $1.
hsm_identify() {
  hsm_look $$
  printf 'h %s %s %s\n%s' $$ "$hsm_start" "$hsm_where" "${1:+$1
}"
}

# Creates file $2 with the content of $1; fails when it is there already. A link appears with its content. File systems
# without links get the file in two steps.
hsm_put() {
  ln "$1" "$2" 2>/dev/null || { [ ! -e "$2" ] && (set -C && cat "$1" >"$2") 2>/dev/null; }
}

# Takes lock $1 as number hsm_n for this process; fails when it is held or cannot be written. $2: more lines for its file.
hsm_take() {
  hsm_mine=$hsm_locks/.$1.$$
  hsm_identify "$2" >"$hsm_mine" || return 1
  while ! hsm_held "$1"; do
    hsm_next=$((hsm_n + 1))
    if hsm_put "$hsm_mine" "$hsm_locks/$1.$hsm_next"; then
      hsm_last "$1"
      if [ "$hsm_n" -eq "$hsm_next" ]; then
        rm -f "$hsm_mine"
        return 0
      fi
      # Others have passed this number since it was read.
      rm -f "$hsm_locks/$1.$hsm_next"
    elif [ ! -e "$hsm_locks/$1.$hsm_next" ]; then
      break
    fi
  done
  rm -f "$hsm_mine"
  return 1
}

# Removes what holders of lock $1 before number $2 left.
hsm_forget_before() {
  for hsm_f in "$hsm_locks/$1".*; do
    hsm_g=${hsm_f%.free}
    hsm_g=${hsm_g##*.}
    case $hsm_g in *[!0-9]*) continue ;; esac
    [ "$hsm_g" -ge "$2" ] || rm -f "$hsm_f"
  done
}

# Writes a sentence for the user into the log, once in a row.
hsm_trouble() {
  hsm_f=
  [ ! -e "$hsm_dir/trouble" ] || read -r hsm_f <"$hsm_dir/trouble"
  [ "$hsm_f" != "$1" ] || return 0
  printf '%s\n' "$1" >"$hsm_dir/trouble"
  hsm_set_clock
  hsm_now
  printf '|T %s %s .\n' "$hsm_t" "$1" >>"$hsm_dir/events"
}

# Whether there may be a task that nobody has taken.
hsm_work() {
  for hsm_f in "$hsm_dir"/queue/*; do
    [ -e "$hsm_f" ] && [ ! -e "$hsm_dir/taken/${hsm_f##*/}" ] && return 0
  done
  return 1
}

# Tells the lanes of this sweep that wait for their slots to look around.
hsm_poke_waiting() {
  [ -n "$hsm_shared" ] || return 0
  for hsm_f in "$hsm_shared"/wait.*; do
    hsm_holder='' hsm_g=''
    { { read -r hsm_f hsm_holder hsm_held_since hsm_there && IFS= read -r hsm_g; } <"$hsm_f"; } 2>/dev/null
    case $hsm_g in "f $hsm_dir/"*) ;; *) continue ;; esac
    [ "$hsm_there" = "$hsm_where" ] && hsm_lives "$hsm_holder" "$hsm_held_since" && kill -USR1 "$hsm_holder" 2>/dev/null
  done
}

# Tells the main process to look around. Its start is checked, because the signal would end a stranger.
hsm_poke() {
  hsm_held main && [ -z "$hsm_foreign" ] && kill -USR1 "$hsm_holder" 2>/dev/null
}

hsm_start_main() {
  # What a line of setup says is told anew when it fails again.
  [ ! -e "$hsm_dir/setup.failed" ] || rm -f "$hsm_dir/setup.failed" "$hsm_dir/trouble"
  hsm_poke && return 0
  if [ -n "$hsm_foreign" ]; then
    hsm_trouble "The sweep's runner is at work on $hsm_foreign: start it there, or end it there first."
    return 1
  fi
  # Returns when main has let go of its output, which it does when it holds the lock.
  hsm_f=$(hsm_apart "$hsm_sh" "$hsm_dir/runner.sh" main)
}

# Says on standard error why tasks could not run here.
hsm_prepare() {
  for hsm_f in awk cat date grep head ln ls mkdir mv rm sleep sort tail wc; do
    command -v "$hsm_f" >/dev/null 2>&1 || { echo "the program $hsm_f is missing there." >&2; return 1; }
  done
  cd "$hsm_project" || return 1
  true >>"$hsm_dir/events" || return 1
  [ -e "$hsm_dir/slots" ] || printf '%s\n' "$1" >"$hsm_dir/slots"
}

case $1 in
  prepare) hsm_prepare "$2" ;;
  start) hsm_start_main ;;
  control)
    hsm_before=0
    [ ! -e "$hsm_dir/slots" ] || read -r hsm_before <"$hsm_dir/slots"
    [ "$hsm_before" -gt "$2" ] || hsm_before=$2
    printf '%s\n' "$2" >"$hsm_dir/.slots.$$" && mv "$hsm_dir/.slots.$$" "$hsm_dir/slots" || exit 1
    hsm_k=1
    while [ "$hsm_k" -le "$hsm_before" ]; do
      if [ "$hsm_k" -gt "$2" ]; then
        true >"$hsm_dir/off/$hsm_k" || exit 1
      elif [ -e "$hsm_dir/off/$hsm_k" ]; then
        rm -f "$hsm_dir/off/$hsm_k" || exit 1
      fi
      hsm_k=$((hsm_k + 1))
    done
    if [ "$3" = 1 ]; then true >"$hsm_dir/pause"; else rm -f "$hsm_dir/pause"; fi || exit 1
    hsm_poke_waiting
    hsm_start_main
    ;;
  main | lane)
    hsm_verb=$1
    shift
    # shellcheck source=/dev/null
    . "$hsm_dir/$hsm_verb.sh"
    ;;
  probe | news | cancel | withdraw | watch | kill)
    # shellcheck source=src/adapters/direct/verdict.sh
    . "$hsm_dir/verdict.sh"
    # shellcheck source=src/adapters/direct/ending.sh
    case $1 in cancel | watch | kill) . "$hsm_dir/ending.sh" ;; esac
    hsm_verb=$1
    shift
    "hsm_$hsm_verb" "$@"
    ;;
  *)
    printf 'unknown verb: %s\n' "$1" >&2
    exit 2
    ;;
esac
