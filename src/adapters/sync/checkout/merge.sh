# How commits arrive in a checkout, and how an arrival that broke off is brought to an end. The rule is in src/README.md;
# workspace/mergeHere.ts follows the same one. What it needs lies in $pending:
#   id            of this sync; also what is in git's lock while it is ours
#   from, target  the commit that is left (empty: none), the one to go to
#   touched       paths that the commits change, without those that are left alone; added: those of them that are new
#   index         entries for those that are left alone
#   merging       the merge is prepared, under git's lock; begun: git was started
# Paths of git are those from the top of the repository.

# Names beside git's index are of one sync alone: the repository may have several projects.
name_files() {
  id=$(cat $pending/id)
  copy=$dir/hsm-index.$id ready=$dir/hsm-lock.$id
}

# git with the copy of the index that the merge works on; the owner's stays as it is until the merge is through.
g_copy() { (GIT_INDEX_FILE=$copy; export GIT_INDEX_FILE; g "$@"); }

is_our_lock() { cmp -s $pending/id "$dir/index.lock"; }

# As git itself takes it: whoever creates the file may write the index. Ours appears with our id in it. $error says why not.
lock_index() {
  error=$(cp $pending/id "$ready" 2>&1) || { rm -f "$ready"; return 1; }
  # Where the disk knows no links, by a file that must be new.
  if ! ln "$ready" "$dir/index.lock" 2>/dev/null && error=$( (set -C; true >"$dir/index.lock") 2>&1); then
    error=$(cat $pending/id 2>&1 >"$dir/index.lock") || rm -f "$dir/index.lock"
  fi
  rm -f "$ready"
  is_our_lock
}

drop_index() {
  rm -f "$copy" "$copy.lock" "$ready"
  if is_our_lock; then rm -f "$dir/index.lock"; fi
}

# The copy becomes the index, in one step.
finish_index() {
  if [ -e "$copy" ]; then mv -f "$copy" "$dir/index"; fi
  drop_index
}

refuse() { say refused; say "$1"; }

# Is false, and says why, when the commits cannot be taken: everything is as before then.
merge_commits() {
  top=$(g rev-parse --show-toplevel)
  name_files
  # Not `:`, with which a shell ends when the disk is full.
  error=$({ true >$pending/merging; } 2>&1) || { refuse "$error"; return 1; }
  if ! lock_index; then
    if [ -e "$dir/index.lock" ]; then say locked; say "$dir/index.lock"; else refuse "$error"; fi
    return 1
  fi
  if take_commits "$1"; then finish_index; return 0; fi
  drop_index
  return 1
}

take_commits() {
  # With its time: git tells by it which entries may have changed unseen.
  error=$([ ! -e "$dir/index" ] || { cp -p "$dir/index" "$copy" && cp -p "$dir/index" $pending/index.before; } 2>&1) ||
    { refuse "$error"; return 1; }
  edited_of "$copy" || { refuse "$(cat $pending/error)"; return 1; }
  if [ -s $pending/found ]; then say edited; cat $pending/found; return 1; fi
  in_the_way
  if [ -s $pending/found ]; then say way; cat $pending/found; return 1; fi
  # An entry that is already as the commits want it makes git leave the file alone, whatever it holds.
  if [ -s $pending/index ]; then
    error=$(g_copy update-index -z --index-info <$pending/index 2>&1) || { refuse "$error"; return 1; }
  fi
  # Before that nothing is git's, whatever its bytes.
  error=$({ true >$pending/begun; } 2>&1) || { refuse "$error"; return 1; }
  g_copy -c merge.autoStash=false merge -q --ff-only --no-squash --no-overwrite-ignore "$1" >$pending/error 2>&1 &
  merger=$!
  see_start $merger
  echo "$merger $machine $start" >$pending/git
  wait $merger
  [ "$(g rev-parse -q --verify HEAD)" != "$(cat $pending/target)" ] || return 0
  # A merge that git refuses has touched nothing. One that it could not finish, e.g. on a full disk, has.
  refuse "$(cat $pending/error)"
  put_back
  return 1
}

# Puts into $pending/found which touched paths are not as the index $1 has them.
edited_of() {
  (GIT_INDEX_FILE=$1; export GIT_INDEX_FILE
    g status --porcelain=v2 -z --no-renames --untracked-files=no --ignore-submodules=all) >$pending/status 2>$pending/error ||
    return 1
  paths_of_status <$pending/status | sort >$pending/edited
  as_lines <$pending/touched | sort | comm -12 - $pending/edited | as_lines >$pending/found
}

# Puts into $pending/found what git does not know and the commits would run over, ignored or not. Folders git looks into itself.
in_the_way() {
  true >$pending/found
  [ ! -s $pending/added ] || (cd -- "$top" && xargs -0 sh -c '
    for f do
      above=$f met=
      while case $above in */*) : ;; *) false ;; esac; do
        above=${above%/*}
        if [ -h "./$above" ] || [ -f "./$above" ]; then met=$above; fi
      done
      if [ -n "$met" ]; then
        git -c core.fsmonitor=false --literal-pathspecs ls-files --error-unmatch -- "$met" >/dev/null 2>&1 || printf "%s\0" "$met"
      elif [ -h "./$f" ] || { [ -e "./$f" ] && [ ! -d "./$f" ]; }; then printf "%s\0" "$f"; fi
    done' hsm) <$pending/added >$pending/found
}

# Takes back what git had begun to write. It is known by its bytes: a file of the commits, or the beginning of one; those are
# in the repository, so nothing is lost with it. What holds anything else is its owner's and stays. Says the paths of that,
# and of what could not be put back.
put_back() {
  edited_of "$dir/index" || return 0
  true >$pending/torn
  # What is new first: a file of before may have become a folder of it.
  take_back added <$pending/added
  take_back edited <$pending/found
  # Never with -f, which would remove a whole folder in a file`s place.
  (cd -- "$top" && g checkout-index -q -z --stdin) <$pending/torn 2>/dev/null
  edited_of "$dir/index" || return 0
  as_lines <$pending/found | sort >$pending/edited
  as_lines <$pending/torn | sort | comm -12 - $pending/edited | as_lines
}

# Removes what is at paths if it is git's, and notes them in $pending/torn. Says the others. $1: added or edited. Below a file or
# a link nothing is git's: git would have replaced that first, and what is behind a link may be anybody's.
take_back() {
  (cd -- "$top" && to=$(cat "$here/$pending/target") torn=$here/$pending/torn what=$1 xargs -0 sh -c '
    content() { git -c core.fsmonitor=false cat-file --filters "$to:$1" 2>/dev/null; }
    is_below_other() {
      folder=$1
      while case $folder in */*) : ;; *) false ;; esac; do
        folder=${folder%/*}
        if [ -h "./$folder" ] || { [ -e "./$folder" ] && [ ! -d "./$folder" ]; }; then return 0; fi
      done
      return 1
    }
    tidy() {
      folder=$1
      while case $folder in */*) : ;; *) false ;; esac; do folder=${folder%/*}; rmdir "./$folder" 2>/dev/null || return 0; done
    }
    is_gits() {
      [ "$(git -c core.fsmonitor=false cat-file -t "$to:$1" 2>/dev/null)" = blob ] || return 1
      if [ -h "./$1" ]; then [ "$(readlink "./$1"; echo .)" = "$(content "$1"; echo; echo .)" ]
      else [ -f "./$1" ] && content "$1" | head -c "$(wc -c <"./$1")" | cmp -s - "./$1"; fi
    }
    for f do
      if is_below_other "$f"; then
        [ "$what" = added ] || printf "%s\0" "$f"
        continue
      elif [ -d "./$f" ] && [ ! -h "./$f" ]; then
        # Made for files that never came, in a file`s place.
        find "./$f" -depth -type d -exec rmdir {} + 2>/dev/null
        [ ! -e "./$f" ] || { printf "%s\0" "$f"; continue; }
      elif [ -e "./$f" ] || [ -h "./$f" ]; then
        is_gits "$f" || { printf "%s\0" "$f"; continue; }
        rm -f "./$f"
        tidy "$f"
      fi
      printf "%s\0" "$f" >>"$torn"
    done' hsm)
}

# A merge whose program died. Git may have outlived it.
is_git_alive() {
  { read -r pid where since <$pending/git; } 2>/dev/null && [ "$where" = "$machine" ] || return 1
  case $since in
  # Not told, or of an older format.
  */-/* | '' | "$boot") is_running "$pid" ;;
  # After a power cut a number of a process is another's.
  *) see_start "$pid"; [ "$start" = "$since" ] ;;
  esac
}

# Forward where the branch has moved; back where it has not; nowhere when somebody went on from there. Says which, then the
# paths that are neither.
recover_merge() {
  for second in 1 2 3 4 5; do
    is_git_alive || break
    [ $second != 5 ] || stop locked "git, process $pid, is still at work" "$(pwd)/$pending"
    sleep 1
  done
  top=$(g rev-parse --show-toplevel)
  name_files
  head=$(g rev-parse -q --verify HEAD)
  if [ "$head" = "$(cat $pending/target)" ]; then
    say new
    if is_our_lock; then finish_index
    elif [ -e "$copy" ]; then
      # Somebody removed the lock. If nobody wrote the index since, it is still to be replaced.
      if { [ ! -e "$dir/index" ] || cmp -s $pending/index.before "$dir/index"; } && lock_index; then finish_index
      else drop_index; say index; fi
    fi
  elif [ "$head" = "$(cat $pending/from)" ]; then
    say old
    [ ! -e $pending/begun ] || put_back
    drop_index
  else
    say moved
    drop_index
  fi
}
