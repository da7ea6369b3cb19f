# $3: id of this sync; $4: what HEAD must be, or - where git does not matter; $5: the commit to go to, or nothing.
# Standard input: a tar stream of what is to be done; its member `end` comes last.
backup=$3
[ ! -d $pending ] || stop pending 'an earlier sync was interrupted'
stage=$state/staging
rm -rf $stage && mkdir $stage || stop unwritable "$(pwd)/$state"
drop_stage() { rm -rf $stage; stop "$@"; }
tar -xf - -C $stage 2>$state/error || drop_stage incomplete "$(cat $state/error)"
[ -f $stage/end ] || drop_stage incomplete 'the connection ended'

# From here on everything is there: what begins is brought to its end, with nobody listening if need be.
trap '' HUP INT TERM PIPE
if [ -n "$5" ]; then
  g fetch -q --no-tags --no-write-fetch-head "$(pwd)/$stage/bundle" "+HEAD:refs/hsm/incoming/$3" 2>$state/error ||
    drop_stage gitrefused "$(cat $state/error)"
fi
[ "$4" = - ] || [ "$(g rev-parse -q --verify HEAD)" = "$4" ] || drop_stage moved 'HEAD'
look <$stage/look >$stage/found
sort -z <$stage/found >$stage/sorted 2>/dev/null && cmp -s $stage/sorted $stage/expect || {
  section changed
  cat $stage/found
  rm -rf $stage
  section end
  exit 0
}
mv $stage $pending || drop_stage unwritable "$(pwd)/$state"

section merge
if [ -n "$5" ]; then
  merge_commits "refs/hsm/incoming/$3" || { rm -rf $pending; section end; exit 0; }
  g update-ref -d "refs/hsm/incoming/$3"
fi
section done
failed=
put() {
  [ -z "$failed" ] || return 0
  if keep "$2" && place "$pending/files/$1" "$2" "$3"; then say "$2"; else failed=$2; fi
}
make_link() {
  [ -z "$failed" ] || return 0
  if keep "$1" && rm -f $pending/link && ln -s -- "$2" $pending/link && { [ ! -d "./$1" ] || [ -h "./$1" ]; } &&
    { case $1 in */*) mkdir -p "./${1%/*}" ;; esac; } && { [ ! -h "./$1" ] || rm -f "./$1"; } && mv -f $pending/link "./$1"; then
    say "$1"
  else failed=$1; fi
}
# The file itself becomes the backup.
drop() {
  [ -z "$failed" ] || return 0
  kept=$state/backups/$backup/files/$1
  if { [ -d "${kept%/*}" ] || mkdir -p "${kept%/*}"; } && mv -f "./$1" "$kept"; then say "$1"; tidy "$1"; else failed=$1; fi
}
. $pending/plan.sh 2>$state/error
section failed
[ -z "$failed" ] || { say "$failed"; say "$(cat $state/error)"; }
section after
look <$pending/look
section kept
[ ! -d $state/backups/$backup/files ] || (cd $state/backups/$backup/files && find . ! -type d -print0)
rm -rf $pending
section end
