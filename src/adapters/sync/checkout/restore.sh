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
refuse_back() { echo "$2" >&2; failed=$1; }

# Before anything changes: whether each of the files can be put back.
back() {
  [ -z "$failed" ] || return 0
  above=./$1
  while above=${above%/*}; [ "$above" != . ]; do
    [ ! -h "$above" ] || { refuse_back "$1" "${above#./} is a symbolic link now"; return 0; }
  done
  if [ ! -h "$from/$1" ] && [ ! -e "$from/$1" ]; then refuse_back "$1" 'the backup does not hold it'
  elif [ ! -h "./$1" ] && [ -d "./$1" ] && [ -n "$(find "./$1" ! -type d | head -n 1)" ]; then
    refuse_back "$1" 'there is a folder in its place'
  fi
}
. $state/restore.sh 2>$state/error

# A file that stands where a folder must be is replaced, too.
clear_above() {
  above=$1
  while case $above in */*) : ;; *) false ;; esac; do
    above=${above%/*}
    if [ -e "./$above" ] && [ ! -d "./$above" ]; then keep "$above" && rm -f "./$above"; return; fi
  done
}
back() {
  [ -z "$failed" ] || return 0
  rm -f $state/returning
  if cp -pP "$from/$1" $state/returning && renew && free "$1" && keep "$1" && clear_above "$1" && replace $state/returning "$1"
  then say "$1"
  else failed=$1; fi
}
[ -n "$failed" ] || . $state/restore.sh 2>$state/error
rm -f $state/restore.sh
section failed
[ -z "$failed" ] || { say "$failed"; say "$(cat $state/error)"; }
section end
