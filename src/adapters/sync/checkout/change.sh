# What every program begins with that changes a checkout. Only one at a time, see lock.sh.
cd -- "$root" 2>/dev/null || stop missing "$root"
state=.hsm/sync
pending=$state/pending
for folder in .hsm $state $state/backups $state/lock $state/staging $state/arrived; do
  [ ! -h $folder ] || stop refused "$folder is a symbolic link there"
done
# Tells the usual causes from the words of a program that could not write.
cause_of() {
  case $1 in
  *'o space left'* | *'rote only'*) echo 'the disk is full' ;;
  *uota*) echo 'the disk quota is used up' ;;
  *'ead-only'*) echo 'the file system is read-only' ;;
  *'ermission denied'*) echo 'permission denied' ;;
  esac
}
stop_unwritable() { stop unwritable "$(pwd)/$state" "$(cause_of "$1")"; }
error=$(mkdir -p $state/backups 2>&1) || stop_unwritable "$error"
if has_tool git && dir=$(g rev-parse --absolute-git-dir 2>/dev/null); then
  common=$(g rev-parse --git-common-dir)
  incoming=$(pwd -P | cksum)
  incoming=refs/hsm/incoming/${incoming%% *}
  see_modes
  # The owner's git must not see what is kept here.
  grep -qsxF '**/.hsm/sync/' "$common/info/exclude" ||
    { mkdir -p "$common/info" && echo '**/.hsm/sync/' >>"$common/info/exclude"; }
else
  dir=
fi 2>/dev/null

# Removes backups of a time before $1 (as in their names), beyond the newest $2. None is of a sync under way: that would
# lie in $pending, and the lock is ours.
prune_backups() {
  [ ! -d $pending ] || return 0
  for old in $state/backups/*; do echo "${old##*/}"; done | grep '^[0-9]\{8\}T[0-9]\{9\}Z-[0-9a-f]\{6\}$' | sort -r |
    tail -n "+$(($2 + 1))" | while read -r old; do
      expr "$old" '<' "$1" >/dev/null && rm -rf "$state/backups/$old"
    done
}

# Commits that arrived for a sync of this project which did not come to its end. The repository may have others.
drop_incoming() {
  g for-each-ref --format='delete %(refname)' "$incoming" 2>/dev/null | g update-ref --stdin
}

# In one step: what dies while it removes must not leave half of what a recovery reads.
close_books() {
  rm -rf $state/over
  mv $pending $state/over && rm -rf $state/over
}

# Keeps what is at a path under the backup $backup: as a second name where the disk has those, else as a copy.
keep() {
  [ -e "./$1" ] || [ -h "./$1" ] || return 0
  kept=$state/backups/$backup/files/$1
  [ -d "${kept%/*}" ] || mkdir -p "${kept%/*}" || return 1
  [ ! -e "$kept" ] && [ ! -h "$kept" ] || return 0
  if [ -h "./$1" ]; then cp -pP "./$1" "$kept"; else ln "./$1" "$kept" 2>/dev/null || cp -p "./$1" "$kept"; fi
}

# Removes a folder in a file's place that has nothing in it, or only such folders.
free() {
  if [ -h "./$1" ] || [ ! -d "./$1" ]; then return 0; fi
  find "./$1" -depth -type d -exec rmdir {} + 2>/dev/null
  [ ! -d "./$1" ] || { echo 'there is a folder in its place' >&2; return 1; }
}

# Puts one thing in another's place, in one step. mv would put it into a folder, also into one behind a link.
replace() {
  if [ -d "./$2" ]; then [ -h "./$2" ] && rm -f "./$2" || return 1; fi
  case $2 in */*) [ -d "./${2%/*}" ] || mkdir -p "./${2%/*}" || return 1 ;; esac
  mv -f "$1" "./$2"
}

# Puts a file that lies ready in its place. $1: the file, $2: the path, $3: executable (x), not (f), as what it replaces (k).
# Where the bit means nothing it is set if it can be, and never taken away.
place() {
  bit=$3
  [ -z "$plain" ] || [ "$bit" = x ] || bit=k
  if [ -f "./$2" ] && [ ! -h "./$2" ]; then
    chmod --reference="./$2" "$1" 2>/dev/null
    [ "$bit" != k ] || [ ! -x "./$2" ] || bit=x
  fi
  case $bit in
  x) [ -x "$1" ] || chmod +x "$1" 2>/dev/null ;;
  f) [ ! -x "$1" ] || chmod -x "$1" 2>/dev/null ;;
  esac || [ -n "$plain" ] || return 1
  replace "$1" "$2"
}

# As git does: a folder that has become empty goes.
tidy() {
  folder=$1
  while case $folder in */*) : ;; *) false ;; esac; do
    folder=${folder%/*}
    rmdir "./$folder" 2>/dev/null || return 0
  done
}
