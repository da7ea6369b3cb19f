# $3: id of the backup; $4: id for the backup of what is replaced. Standard input: `back PATH` lines of a shell program.
lock_checkout
from=$state/backups/$3/files
backup=$4
[ -d "$from" ] || stop missing "the backup $3"
cat >$state/restore.sh || stop unwritable "$(pwd)/$state"
trap '' HUP INT TERM PIPE
section done
failed=
# What was built from the version that goes must not look newer than the one that comes.
renew() { [ -h $state/returning ] || touch -c $state/returning; }
back() {
  [ -z "$failed" ] || return 0
  above=./$1
  while above=${above%/*}; [ "$above" != . ]; do [ ! -h "$above" ] || { failed=$1; return 0; }; done
  rm -f $state/returning
  if { [ -h "$from/$1" ] || [ -e "$from/$1" ]; } && cp -pP "$from/$1" $state/returning && renew && free "$1" && keep "$1" &&
    replace $state/returning "$1"; then :; else failed=$1; fi
  [ -n "$failed" ] || say "$1"
}
. $state/restore.sh 2>$state/error
rm -f $state/restore.sh
section failed
[ -z "$failed" ] || { say "$failed"; say "$(cat $state/error)"; }
section end
