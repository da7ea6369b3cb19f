# $3: HEAD of the workspace, or nothing; $4: stamp of the index whose hidden entries are known; further: pathspecs of what is
# passed over. Standard input, words: p and a path that the workspace has edited; k and the stamp of a file whose hash is known.
cd -- "$root" 2>/dev/null || { [ -e "$root" ] && stop unreadable "$root"; stop missing "$root"; }
has_tool git || stop notgit 'git is not installed there'
# One process for all that git knows of the place: dir, top, prefix, HEAD, a line each, where no name has a line's end.
place=$(g rev-parse --absolute-git-dir --show-toplevel --show-prefix 'HEAD^{commit}' 2>/dev/null)
newline='
'
dir=${place%%"$newline"*} rest=${place#*"$newline"}
top=${rest%%"$newline"*} rest=${rest#*"$newline"}
prefix=${rest%%"$newline"*} head=${rest#*"$newline"}
case $head in *[!0-9a-f]* | '') known_place= ;; *) known_place=yes ;; esac
if [ -z "$known_place" ]; then
  dir=$(g rev-parse --absolute-git-dir 2>&1) || {
    # Something is there, but git does not want it, e.g. because of another owner.
    case $dir in *'not a git repository'*) stop notgit "$dir" ;; *) stop gitrefused "$dir" ;; esac
  }
  top=$(g rev-parse --show-toplevel 2>/dev/null) || stop gitrefused 'it is a repository without files (bare)'
  prefix=$(g rev-parse --show-prefix) head=$(g rev-parse -q --verify HEAD)
fi
work=$(mktemp -d "${TMPDIR:-/tmp}/hsm.XXXXXX") || stop unwritable "${TMPDIR:-/tmp}"
trap 'rm -rf "$work"' EXIT
section meta
branch=
say "root=$(pwd -P)"
say "now=$(date +%s)"
say "head=$head"
[ -h "$dir/HEAD" ] || read -r branch <"$dir/HEAD"
case $branch in
# Where refs are kept in tables, the file says nothing.
'ref: refs/heads/.invalid') say "branch=$(g symbolic-ref -q --short HEAD)" ;;
'ref: refs/heads/'*) say "branch=${branch#ref: refs/heads/}" ;;
esac
say "prefix=$prefix"
for f in MERGE_HEAD CHERRY_PICK_HEAD REVERT_HEAD BISECT_LOG rebase-merge rebase-apply index.lock; do
  [ ! -e "$dir/$f" ] || say "operation=$f"
done
[ ! -e "$dir/shallow" ] || say shallow=yes
# A look at every entry costs time, and lasts as long as the index.
index=$(stat -c '%s %y %z %i' "$dir/index" 2>/dev/null || stat -f '%z %Fm %Fc %i' "$dir/index" 2>/dev/null)
say "index=$index"
lfs=
if [ -e .gitattributes ] || [ -e "$dir/info/attributes" ]; then lfs=$(grep -s 'filter=lfs' .gitattributes "$dir/info/attributes"); fi
[ -z "$lfs" ] || say "lfs=$(has_tool git-lfs && echo tool || echo none)"
[ ! -d .hsm/sync/pending ] || say pending=yes
say_leftovers

on_copy() { (GIT_INDEX_FILE=$work/index; export GIT_INDEX_FILE; g "$@"); }
watch() { on_copy -c core.splitIndex=false update-index -z "$1" --stdin <"$work/unwatched"; }
status_of() { if [ -e "$work/index" ]; then on_copy status "$@"; else g status "$@"; fi; }

# What the status passes over: S and a file that a sparse checkout leaves out, or that is marked like that and not there; u: this
# holds only now, m and a submodule, e and one that is not checked out.
if [ -z "$index" ] || [ "$index" != "$4" ]; then
  section index
  tab=$(printf '\t')
  g ls-files -v -s -z | as_lines | sed -n -e '/^. 16/p' -e '/^[a-zS]/p' >"$work/odd"
  if [ -s "$work/odd" ]; then
    # A file with that mark that is there is one that git does not look at.
    sed -n -e '/^. 16/d' -e "s/^[sS] [^$tab]*$tab//p" "$work/odd" | as_lines | xargs -0 sh -c '
      for f do if [ -e "./$f" ] || [ -h "./$f" ]; then printf "%s\0" "$f" >&3; else printf "S %s\0" "$f"; fi; done' hsm \
      3>"$work/unwatched" >"$work/hidden"
    cat "$work/hidden"
    # With a sparse checkout git itself takes the mark for nothing once a file is there.
    [ ! -s "$work/hidden" ] || [ "$(g config --bool core.sparseCheckout)" = true ] || say u
    sed -n "s/^. 16[^$tab]*$tab//p" "$work/odd" | as_lines | xargs -0 sh -c '
      for f do if [ -e "./$f/.git" ]; then printf "m %s\0" "$f"; else printf "e %s\0" "$f"; fi; done' hsm
    # A copy of the index without those marks shows how they are.
    sed -n -e '/^. 16/d' -e "s/^[a-rt-z] [^$tab]*$tab//p" "$work/odd" | as_lines >>"$work/unwatched"
    if [ -s "$work/unwatched" ]; then
      say u
      { cp -p "$dir/index" "$work/index" && watch --no-assume-unchanged && watch --no-skip-worktree; } 2>"$work/errors" ||
        stop gitrefused "the index cannot be copied: $(cat "$work/errors")"
    fi
  fi
fi

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

other_head=$3
shift 4
section status
status_of --porcelain=v2 -z --no-renames --untracked-files=all --ignore-submodules=none -- . "$@" >"$work/status" 2>"$work/errors" ||
  stop gitrefused "git status failed: $(cat "$work/errors")"
if [ -s "$work/status" ]; then cat "$work/status"; fi
# Where the project is a folder of its repository, commits may change what lies beside it.
if [ -n "$prefix" ] && [ -n "$other_head" ] && [ "$head" != "$other_head" ]; then
  section outside
  (cd -- "$top" && status_of --porcelain=v2 -z --no-renames --untracked-files=no --ignore-submodules=all \
    -- . ":(exclude,literal)${prefix%/}") 2>/dev/null
fi
section errors
if [ -s "$work/errors" ]; then tr '\n' '\0' <"$work/errors"; fi
section look
cat >"$work/input"
if [ -s "$work/input" ]; then as_lines <"$work/input" | sed -n 's/^p//p' >"$work/paths"; fi
if [ -s "$work/status" ]; then paths_of_status <"$work/status" >>"$work/paths"; fi
if [ -s "$work/paths" ]; then
  see_modes
  cd -- "$top" || exit 3
  true >"$work/files"
  if printf 'a\0' | sort -zu >/dev/null 2>&1; then once='sort -zu'; else once=cat; fi
  as_lines <"$work/paths" | $once | look "$work/files"
  section stamps
  stamps <"$work/files" >"$work/stamps"
  cat "$work/stamps"
  section hashes
  as_lines <"$work/input" | sed -n 's/^k//p' | sort >"$work/known"
  as_lines <"$work/stamps" | sort | comm -23 - "$work/known" | sed 's/^\([^ ]* \)\{6\}//' | as_lines |
    hash=$(hash_tool) xargs -0 -n 400 sh -c '[ $# -gt 0 ] || exit 0; '"$hash_words" hsm 2>/dev/null
fi
section end
