# Finishes the books of a sync that broke off, and says of each of its files whether it is old or new.
lock_checkout
[ -d $pending ] || { section end; exit 0; }
trap '' HUP INT TERM PIPE
section commits
if [ -e $pending/merging ] && [ -n "$dir" ]; then recover_merge; fi
section recovered
[ -z "$dir" ] || drop_incoming
put() { if [ -e "$pending/files/$1" ]; then say "old $2"; else say "new $2"; fi; }
make_link() { if [ "$(readlink "./$1")" = "$2" ]; then say "new $1"; else say "old $1"; fi; }
drop() { if [ -h "./$1" ] || { [ -e "./$1" ] && [ ! -d "./$1" ]; }; then say "old $1"; else say "new $1"; fi; }
. $pending/plan.sh
close_books
rmdir $state/staging 2>/dev/null
section end
