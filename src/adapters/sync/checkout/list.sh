# Every file below the root with what tells whether it changed, as `stamps` says it. Standard input: names of folders to pass
# over, one on a line; an empty line ends them.
cd -- "$root" 2>/dev/null || { [ -e "$root" ] && stop unreadable "$root"; stop missing "$root"; }
section meta
say "root=$(pwd -P)"
say "now=$(date +%s)"
[ ! -d .hsm/sync/pending ] || say pending=yes
say_leftovers
if has_tool git && g rev-parse --git-dir >/dev/null 2>&1; then say git=yes; see_modes; fi
[ -z "$plain" ] || say modes=no
section list
set --
while IFS= read -r name && [ -n "$name" ]; do set -- "$@" -name "$name" -prune -o; done
errors=$(mktemp "${TMPDIR:-/tmp}/hsm.XXXXXX") || stop unwritable "${TMPDIR:-/tmp}"
trap 'rm -f "$errors"' EXIT
if find / -maxdepth 0 -printf '' 2>/dev/null; then
  find . "$@" -path ./.hsm/sync -prune -o ! -type d -printf '%y %m %s %T@ %C@ %i %P\0' 2>"$errors"
else
  find . "$@" -path ./.hsm/sync -prune -o ! -type d -print0 2>"$errors" | stamps
fi
# A folder that cannot be read is not one without files.
section errors
tr '\n' '\0' <"$errors"
section end
