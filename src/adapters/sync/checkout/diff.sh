# $3: a commit or tree that the checkout has too. What its commits changed since, as git's raw diff.
cd -- "$root" 2>/dev/null || stop missing "$root"
section diff
say "$(g rev-list --count HEAD)"
g diff-tree -r -z --no-renames --relative "$3" HEAD
section end
