# What every program begins with that changes a checkout. Only one at a time: a folder is the lock.
cd -- "$root" 2>/dev/null || stop missing "$root"
state=.hsm/sync
pending=$state/pending
for folder in .hsm $state $state/backups; do
  [ ! -h $folder ] || stop refused "$folder is a symbolic link there"
done
mkdir -p $state/backups 2>/dev/null || stop unwritable "$(pwd)/$state"
if has_tool git && dir=$(g rev-parse --absolute-git-dir 2>/dev/null); then
  common=$(g rev-parse --git-common-dir)
  # The owner's git must not see what is kept here.
  grep -qsxF '**/.hsm/sync/' "$common/info/exclude" ||
    { mkdir -p "$common/info" && echo '**/.hsm/sync/' >>"$common/info/exclude"; }
else
  dir=
fi 2>/dev/null

machine=$(hostname 2>/dev/null || uname -n)
take_lock() { mkdir $state/lock 2>/dev/null && echo "$$ $machine" >$state/lock/holder; }
take_lock || {
  if read -r pid where 2>/dev/null <$state/lock/holder; then
    if [ "$where" != "$machine" ] || kill -0 "$pid" 2>/dev/null; then stop locked "process $pid on $where"; fi
  else
    # It was made a moment ago, or its maker died before it could write its name.
    [ -n "$(find $state/lock -prune -mmin +1 2>/dev/null)" ] || stop locked 'another process'
  fi
  # Its process is gone, so the lock is nobody's.
  rm -rf $state/lock
  take_lock || stop locked 'another process'
}
trap 'rm -rf $state/lock' EXIT
trap 'exit 129' HUP INT TERM

# Keeps what is at a path under the backup $backup: as a second name where the disk has those, else as a copy.
keep() {
  [ -e "./$1" ] || [ -h "./$1" ] || return 0
  kept=$state/backups/$backup/files/$1
  [ -d "${kept%/*}" ] || mkdir -p "${kept%/*}" || return 1
  [ ! -e "$kept" ] && [ ! -h "$kept" ] || return 0
  if [ -h "./$1" ]; then cp -pP "./$1" "$kept"; else ln "./$1" "$kept" 2>/dev/null || cp -p "./$1" "$kept"; fi
}

# Puts a file that lies ready in its place, in one step. $1: the file, $2: the path, $3: x or f.
place() {
  # mv would put it into a folder, not in its place.
  if [ -d "./$2" ] && [ ! -h "./$2" ]; then return 1; fi
  if [ -f "./$2" ] && [ ! -h "./$2" ]; then chmod --reference="./$2" "$1" 2>/dev/null; fi
  if [ "$3" = x ]; then chmod +x "$1"; elif [ -x "$1" ]; then chmod -x "$1"; fi || return 1
  case $2 in */*) [ -d "./${2%/*}" ] || mkdir -p "./${2%/*}" || return 1 ;; esac
  mv -f "$1" "./$2"
}

# As git does: a folder that has become empty goes.
tidy() {
  folder=$1
  while case $folder in */*) : ;; *) false ;; esac; do
    folder=${folder%/*}
    rmdir "./$folder" 2>/dev/null || return 0
  done
}
