# How commits arrive, and how an arrival that broke off is taken back. Everything that it needs lies in $pending:
# touched: paths that the commits change, without those that are left alone; index: entries for those that are.
# Paths of git are those from the top of the repository.

# Says what is wrong, and is false, when the commits cannot be taken.
merge_commits() {
  top=$(g rev-parse --show-toplevel) back=$(pwd)
  in_way=$(cd -- "$top" && xargs -0 git -c core.fsmonitor=false --literal-pathspecs ls-files -z -o -- <"$back/$pending/touched" | tr '\0' '\n')
  [ ! -s $pending/touched ] || [ -z "$in_way" ] || { say "files in the way that are not in git there: $in_way"; return 1; }
  [ ! -e "$dir/index" ] || cp "$dir/index" $pending/index.before || return 1
  # Not `:`, with which a shell ends when the disk is full.
  true >$pending/merging || { say 'the disk is full'; return 1; }
  # An entry that is already as the commits want it makes git leave the file alone, whatever it holds.
  if [ -s $pending/index ]; then
    (cd -- "$top" && g update-index -z --index-info <"$back/$pending/index") 2>$pending/error || { take_back; say "$(cat $pending/error)"; return 1; }
  fi
  if g merge -q --ff-only --no-overwrite-ignore "$1" >$pending/error 2>&1; then
    true >$pending/merged
    return 0
  fi
  take_back
  say "$(cat $pending/error)"
  return 1
}

# Back to HEAD: the index as it was, and files that git had begun to change. Those go to the backup first.
take_back() {
  top=$(g rev-parse --show-toplevel) back=$(pwd)
  if [ -e $pending/index.before ]; then
    cp $pending/index.before "$dir/index.lock" && mv -f "$dir/index.lock" "$dir/index"
  else
    rm -f "$dir/index.lock" "$dir/index"
  fi
  (
    cd -- "$top" || exit 1
    { xargs -0 git -c core.fsmonitor=false --literal-pathspecs diff-files -z --name-only -- <"$back/$pending/touched"
      xargs -0 git -c core.fsmonitor=false --literal-pathspecs ls-files -z -o -- <"$back/$pending/touched"; } >"$back/$pending/torn"
    prefix=$(cd -- "$back" && g rev-parse --show-prefix)
    [ ! -s "$back/$pending/torn" ] || keep_dir=$back/$state/backups/$backup/files prefix=$prefix xargs -0 sh -c '
      for f do
        [ -e "./$f" ] || [ -h "./$f" ] || continue
        kept=$keep_dir/${f#"$prefix"}
        mkdir -p "${kept%/*}" && mv -f "./$f" "$kept"
      done' hsm <"$back/$pending/torn"
    xargs -0 git -c core.fsmonitor=false --literal-pathspecs ls-files -z -d -- <"$back/$pending/touched" | g checkout-index -f -z --stdin
  ) 2>/dev/null
}
