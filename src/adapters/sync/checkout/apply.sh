# $3: id of this sync; $4: what HEAD must be, or - where git does not matter; $5: the commit to go to, or nothing.
# $6: backups of a time before this go, beyond the newest $7.
# Standard input: a tar stream of what is to be done; its member `end` comes last.
backup=$3
stage=$state/staging/$3
see_start $$
drop_stage() { rm -rf "$stage"; rmdir $state/staging 2>/dev/null; }
trap drop_stage EXIT
error=$({ mkdir -p "$stage" && echo "$$ $machine $start" >"$stage/pid"; } 2>&1) || stop_unwritable "$error"
# Without the lock: a connection that hangs keeps nobody else from syncing.
# What breaks off while it arrives stays for the next push.
leave_stage() { [ ! -d "$stage/files" ] || trap "$1" EXIT; }
trap 'leave_stage -; exit 129' HUP INT TERM
# What tar says cannot be kept in a file when the disk is full.
error=$(tar -xmf - -C "$stage" 2>&1) || { [ -z "$(cause_of "$error")" ] || stop_unwritable "$error"; leave_stage -; stop incomplete "$error"; }
error=$({ true >"$stage/error"; } 2>&1) || stop_unwritable "$error"
[ -f "$stage/end" ] || { leave_stage -; stop incomplete 'the connection ended'; }

# The executable bit was of another plan; what cannot be set is told by the look after the transfer.
take_arrived() {
  while read -r number sum bit; do
    ready=$stage/files/$number
    mv "$arrived/$sum" "$ready" || return 1
    case $bit in
    x) [ -x "$ready" ] || chmod +x "$ready" 2>/dev/null ;;
    *) [ ! -x "$ready" ] || chmod a-x "$ready" 2>/dev/null ;;
    esac
  done <"$stage/reuse"
  :
}

lock_checkout
trap 'drop_stage; drop_lock' EXIT
[ ! -d $pending ] || stop pending 'an earlier sync was interrupted'
if [ -s "$stage/reuse" ]; then
  # Said, not written down: what cannot be written would prove nothing.
  [ "$(sound_contents | comm -13 - "$stage/needed" && echo sound)" = sound ] ||
    { leave_stage drop_lock; stop incomplete 'what had arrived before is not there any more'; }
fi
each_broken 'rm -rf'

# From here on everything is there: what begins is brought to its end, with nobody listening if need be.
trap '' HUP INT TERM PIPE
if [ -n "$5" ]; then
  drop_incoming
  trap 'drop_incoming; drop_stage; drop_lock' EXIT
  # Else git asks the servers of submodules for the commits that these name.
  g fetch -q --no-recurse-submodules --no-tags --no-write-fetch-head "$(pwd)/$stage/bundle" "+HEAD:$incoming/$3" 2>"$stage/error" ||
    stop nobundle "$(cat "$stage/error")"
fi
[ "$4" = - ] || [ "$(g rev-parse -q --verify HEAD)" = "$4" ] || stop moved 'HEAD'
look <"$stage/look" | sort -z 2>/dev/null | cmp -s - "$stage/expect" || {
  section changed
  look <"$stage/look"
  section end
  exit 0
}
# What is in a folder that is to become a file, and not among the deletes.
if [ -s "$stage/folders" ]; then
  xargs -0 sh -c 'for f do find "$f" ! -type d -print0; done' hsm <"$stage/folders" | as_lines | sort >"$stage/found"
  as_lines <"$stage/drops" | sort | comm -13 - "$stage/found" >"$stage/inside"
  if [ -s "$stage/inside" ]; then
    section inside
    as_lines <"$stage/inside"
    section end
    exit 0
  fi
fi
if [ -s "$stage/reuse" ]; then
  error=$({ mkdir -p "$stage/files" && take_arrived; } 2>&1) || stop_unwritable "$error"
fi
# The contents, and what a recovery reads, must survive a power cut as the rename does. Where sync knows no files it does more
# than is needed.
error=$(find "$stage" -print0 | xargs -0 -n 64 -P 8 sync -d 2>&1) || [ -z "$(cause_of "$error")" ] || stop_unwritable "$error"
error=$(mv "$stage" $pending 2>&1) || stop_unwritable "$error"

section merge
if [ -n "$5" ]; then
  merge_commits "$incoming/$3" || { close_books; section end; exit 0; }
fi
# What was built or compiled there from an older version must not look newer: the time of a file is that of its change.
if [ -d $pending/files ]; then find $pending/files -type f -exec touch -c {} +; fi
section done
failed=
put() {
  [ -z "$failed" ] || return 0
  if free "$2" && keep "$2" && place "$pending/files/$1" "$2" "$3"; then say "$2"; else failed=$2; fi
}
make_link() {
  [ -z "$failed" ] || return 0
  if free "$1" && keep "$1" && rm -f $pending/link && ln -s -- "$2" $pending/link && replace $pending/link "$1"; then say "$1"
  else failed=$1; fi
}
# The file itself becomes the backup.
drop() {
  [ -z "$failed" ] || return 0
  kept=$state/backups/$backup/files/$1
  if { [ -d "${kept%/*}" ] || mkdir -p "${kept%/*}"; } && mv -f "./$1" "$kept"; then say "$1"; tidy "$1"; else failed=$1; fi
}
if perl -e 1 2>/dev/null; then
  place_all
else
  . $pending/plan.sh 2>$pending/error
  section failed
  [ -z "$failed" ] || { say "$failed"; say "$(cat $pending/error)"; }
fi
section after
look <$pending/look
section kept
[ ! -d $state/backups/$backup/files ] || (cd $state/backups/$backup/files && find . ! -type d -print0)
close_books
[ -n "$others" ] || rm -rf $arrived
prune_backups "$6" "$7"
section end
