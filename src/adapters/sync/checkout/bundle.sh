# $3: the commit to send; $4: the commit that the workspace has, or nothing. Output: a bundle of git.
cd -- "$root" || exit 3
# Below the top, git before 2.41 takes `-` for a file's name and would leave a file of that name here.
cd -- "$(g rev-parse --show-toplevel)" || exit 3
[ "$(g rev-parse HEAD)" = "$3" ] || { echo 'HEAD has moved' >&2; exit 4; }
if [ -n "$4" ]; then g bundle create -q - HEAD "^$4"; else g bundle create -q - HEAD; fi
