# What arrived whole for a push that broke off before it changed anything is worth sending once: `arrived.sh` keeps it in
# $arrived, each content under its SHA-256, and `apply.sh` takes it from there. Both hold the lock, and believe no name: what
# lies there is read again each time.
arrived=$state/arrived

# Calls $1 with the staging folder of every transfer but the own one that is over; sets $others where one may still go on.
each_broken() {
  others=
  for old in $state/staging/*; do
    [ "$old" != "$stage" ] && [ -d "$old" ] && [ ! -h "$old" ] || continue
    judged=unseen where=
    if read -r pid where since 2>/dev/null <"$old/pid" && [ "$where" = "$machine" ]; then judge "$pid" "$since"; fi
    case $judged in
    dead) $1 "$old" ;;
    unseen) if [ -n "$(find "$old" -prune -mtime +1)" ]; then rm -rf "$old"; else others=yes; fi ;;
    alive) others=yes ;;
    esac
  done
}

# Lines `<SHA-256>  <file>` of the plain files in a folder of our own.
sums_in() {
  [ -d "$1" ] || return 0
  find "$1" -type f -print0 | hash=$(hash_tool) xargs -0 -n 400 sh -c '[ $# -gt 0 ] || exit 0; '"$hash_words" hsm 2>/dev/null | as_lines
}

# The SHA-256 of what is kept and is what its name says, one on a line, in order.
sound_contents() {
  sums_in $arrived | sed -n 's,^\([0-9a-f]\{64\}\)  \.hsm/sync/arrived/\1$,\1,p' | sort
}
