# $3: the commit to send; $4: the commit that the workspace has, or nothing. Output: a bundle of git.
cd -- "$root" || exit 3
[ "$(g rev-parse HEAD)" = "$3" ] || { echo 'HEAD has moved' >&2; exit 4; }
if [ -n "$4" ]; then g bundle create -q - HEAD "^$4"; else g bundle create -q - HEAD; fi
