# The lock of a checkout: the folder $lock with a file for each that took it, numbered. The rule is in src/README.md;
# workspace/workspaceLock.ts follows the same one. A file says `<pid> <machine> <start> <word>`, older ones lack the start.
machine=$(hostname 2>/dev/null || uname -n)
lock=$state/lock here=$(pwd) ours= held= holder=
# Seconds without a sign of life after which a holder whose process cannot be seen is taken to be gone.
lease=60

# A number of a process is of one only with the start of the machine, its own start, and the container that numbers it:
# `<boot>/<start>/<namespace>`, with - for what the system does not tell.
{ read -r boot </proc/sys/kernel/random/boot_id; } 2>/dev/null || boot=-
space=$(readlink /proc/self/ns/pid 2>/dev/null)
# pid:[4026531836]
case $space in *'['*']') space=${space#*'['} space=${space%']'} ;; *) space=- ;; esac

# Sets $start of the process $1; empty when there is none.
see_start() {
  start=
  if { read -r stat <"/proc/$1/stat"; } 2>/dev/null; then
    set -- ${stat##*) }
    # What has ended, and only its parent has not asked yet, is gone.
    case $1 in Z | X) return ;; esac
    start=$boot/${20}/$space
  elif is_running "$1"; then
    start=$(TZ=UTC0 ps -o lstart= -p "$1" 2>/dev/null | tr -s ' ' '_')
    start=${start%_} start=$boot/${start:--}/$space
  fi
}

# Somebody else`s process may not be told to be there by more than a refusal.
is_running() {
  said=$(kill -0 "$1" 2>&1) && return
  case $said in *ermitted*) return ;; esac
  [ -d "/proc/$1" ]
}

# Sets $judged of the process $1 with the start $2: alive, dead, or unseen, when it cannot be looked at from here (an earlier
# boot, another container), or not be told from a later one with its number.
judge() {
  case $2 in
  */-/* | '') if is_running "$1"; then judged=unseen; else judged=dead; fi ;;
  "$boot"/*/"$space")
    see_start "$1"
    case $start in "$2") judged=alive ;; */-/*) judged=unseen ;; *) judged=dead ;; esac
    ;;
  *) judged=unseen ;;
  esac
}

take_lock() {
  lock_error=$(mkdir -p $lock 2>&1) || return 1
  find_newest
  [ -z "$held" ] || is_lock_dead || return 1
  claim_lock $((newest + 1)) || return 1
  renew_lock &
  renewer=$!
}

# Sets $newest to the highest number (0: none), $held to its file (empty: the lock is free).
find_newest() {
  newest=0 held=
  [ ! -e $lock/holder ] || held=$lock/holder
  for each in $lock/*; do
    name=${each##*/} number=${each##*/} number=${number%.free}
    case $number in '' | *[!0-9]*) continue ;; esac
    [ "$number" -ge "$newest" ] || continue
    # A number that is both was freed; whoever made it again is slow and will see that.
    if [ "$name" != "$number" ]; then held=; elif [ "$number" -gt "$newest" ]; then held=$each; fi
    newest=$number
  done
}

# Only one can make a number. Somebody slow may make one that was passed long ago: the highest decides.
claim_lock() {
  ours=$lock/$1
  make_number
  find_newest
  if [ "$newest" = "$1" ] && [ -n "$held" ] && is_lock_ours; then
    for each in $lock/*; do
      number=${each##*/} number=${number%.free}
      case $number in '' | *[!0-9]*) continue ;; esac
      # The one before stays: who reads the folder while it changes must see one of the two.
      [ "$number" -ge $(($1 - 1)) ] || rm -f "$each"
    done
    rm -f $lock/holder
    return
  fi
  if is_lock_ours; then rm -f $ours; fi
  return 1
}

# With its text in it from the first moment, where the disk knows links.
make_number() {
  see_start $$
  lock_error=$({ echo "$$ $machine $start $mark" >$lock/new.$mark; } 2>&1)
  if [ -n "$lock_error" ]; then :
  elif ln $lock/new.$mark $ours 2>/dev/null; then :
  elif (set -C; true >$ours) 2>/dev/null; then
    lock_error=$({ cat $lock/new.$mark >$ours; } 2>&1) || rm -f $ours
  fi
  rm -f $lock/new.$mark
}

# The time of the lock says that its holder lives. It holds nothing open and stands nowhere: else a connection would not
# close, and a disk could not be unmounted.
renew_lock() {
  exec </dev/null >/dev/null 2>&1
  cd /
  holder=$start
  while sleep 10 && see_start $$ && [ "$start" = "$holder" ]; do touch -c "$here/$ours"; done
}

is_lock_ours() { [ -n "$ours" ] && grep -qs " $mark\$" "$here/$ours"; }

# Whoever took it over from a sleeper keeps it: theirs is a higher number.
drop_lock() {
  kill "$renewer" 2>/dev/null
  if is_lock_ours; then mv "$here/$ours" "$here/$ours.free"; fi
}

# In seconds, by the clock of the disk's own machine.
changed_at() { stat -c %Y "$1" 2>/dev/null || stat -f %m "$1" 2>/dev/null; }

# Whether the holder of the lock is gone: its process here; where that cannot be seen, by its lease.
is_lock_dead() {
  judged=unseen
  if { read -r pid where since id <"$held"; } 2>/dev/null && [ -n "$where" ]; then
    holder="process $pid on $where"
    # Older ones have the word in the place of the start.
    [ -n "$id" ] || since=
    [ "$where" != "$machine" ] || judge "$pid" "$since"
  else
    # It is being written, or its writer died.
    holder='another process'
  fi
  # What has gone was released or taken over, it did not die.
  case $judged in
  dead) [ -e $held ] ;;
  alive) false ;;
  *) true >$state/now && sign=$(changed_at $held) && [ $(($(changed_at $state/now) - sign)) -ge $lease ] ;;
  esac
}

# A sync whose connection was cut may be at its last steps: it gets some seconds.
lock_checkout() {
  for second in 1 2 3 4; do
    if take_lock; then
      trap drop_lock EXIT
      trap 'exit 129' HUP INT TERM
      return
    fi
    [ -z "$lock_error" ] || stop_unwritable "$lock_error"
    [ $second = 4 ] || sleep 1
  done
  stop locked "$holder" "$here/$lock"
}
