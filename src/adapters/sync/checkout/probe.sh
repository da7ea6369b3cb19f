# $3: HEAD of the workspace, or nothing; further: pathspecs of what is passed over. Standard input: paths, each ending with NUL, which the workspace has edited.
cd -- "$root" 2>/dev/null || { [ -e "$root" ] && stop unreadable "$root"; stop missing "$root"; }
has_tool git || stop notgit 'git is not installed there'
dir=$(g rev-parse --absolute-git-dir 2>&1) || {
  # Something is there, but git does not want it, e.g. because of another owner.
  case $dir in *'not a git repository'*) stop notgit "$dir" ;; *) stop gitrefused "$dir" ;; esac
}
top=$(g rev-parse --show-toplevel 2>/dev/null) || stop gitrefused 'it is a repository without files (bare)'
section meta
head=$(g rev-parse -q --verify HEAD)
say "root=$(pwd -P)"
say "head=$head"
say "branch=$(g symbolic-ref -q --short HEAD)"
say "prefix=$(g rev-parse --show-prefix)"
for f in MERGE_HEAD CHERRY_PICK_HEAD REVERT_HEAD BISECT_LOG rebase-merge rebase-apply index.lock; do
  [ ! -e "$dir/$f" ] || say "operation=$f"
done
[ ! -e "$dir/shallow" ] || say shallow=yes
# Only there do flags hide files: a look at every entry costs time.
hidden=$(g ls-files -v | grep -c '^[a-zS]')
say "hidden=$hidden"
say "lfs=$(if grep -qs 'filter=lfs' .gitattributes "$dir/info/attributes"; then has_tool git-lfs && echo tool || echo none; fi)"
[ ! -d .hsm/sync/pending ] || say pending=yes

section relation
if [ -n "$3" ] && [ -n "$head" ] && [ "$head" != "$3" ]; then
  if g cat-file -e "$3^{commit}" 2>/dev/null; then
    base=$(g merge-base "$3" HEAD)
    say known
    say "$base"
    say "$(g rev-list --left-right --count "$3...HEAD")"
    [ -z "$base" ] || g diff-tree -r -z --no-renames --relative "$base" HEAD
  else
    say unknown
    g rev-list --max-count=200 HEAD | tr '\n' '\0'
  fi
fi

shift 3
work=$(mktemp -d "${TMPDIR:-/tmp}/hsm.XXXXXX") || stop unwritable "${TMPDIR:-/tmp}"
trap 'rm -rf "$work"' EXIT
section status
g status --porcelain=v2 -z --no-renames --untracked-files=all --ignore-submodules=none -- . "$@" >"$work/status" 2>"$work/errors" ||
  stop gitrefused "git status failed: $(cat "$work/errors")"
cat "$work/status"
section errors
tr '\n' '\0' <"$work/errors"
section look
if printf 'a\0' | sort -zu >/dev/null 2>&1; then once='sort -zu'; else once=cat; fi
cd -- "$top" || exit 3
{ cat; paths_of_status <"$work/status" | as_lines; } |
  $once | look
section end
