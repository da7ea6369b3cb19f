# Finishes the books of a sync that broke off, and says of each of its files whether it is old or new.
# $3: id for a backup, should git have left torn files.
backup=$3
lock_checkout
[ -d $pending ] || { section end; exit 0; }
trap '' HUP INT TERM PIPE
section recovered
if [ -e $pending/merging ] && [ ! -e $pending/merged ] && [ -n "$dir" ]; then
  if [ "$(g rev-parse -q --verify HEAD)" = "$(cat $pending/target)" ]; then :; else take_back; fi
fi
[ -z "$dir" ] || drop_incoming
put() { if [ -e "$pending/files/$1" ]; then say "old $2"; else say "new $2"; fi; }
make_link() { if [ "$(readlink "./$1")" = "$2" ]; then say "new $1"; else say "old $1"; fi; }
drop() { if [ -e "./$1" ] || [ -h "./$1" ]; then say "old $1"; else say "new $1"; fi; }
. $pending/plan.sh
close_books
section end
