# Looks at and removes what the product keeps on a host; see sshRootCleaner.ts.
# usage: sh -s -- list ROOT PROJECT | remove ROOT RELATIVE_PATH…   (on standard input)
# remove prints a line for what it kept: kept PATH, with a tab between
verb=$1
shift

size() { du -sk "$1" 2>/dev/null | awk '{ print $1; exit }'; }

# How many processes of a sweep's runner and tasks live, or are on another machine where they cannot be seen.
alive() {
  [ -e "$1/run/runner.sh" ] || { echo 0; return; }
  sh "$1/run/runner.sh" probe 2>/dev/null | awk '$1 == "lanes" || $1 == "live" || $1 == "foreign" { n += $2 } END { print n + 0 }'
}

# The directory of the code that a sweep runs: {"projectDir":"…",…}
code_of() { sed -n 's/^{"projectDir":"\([^"]*\)".*/\1/p' "$1/code.json" 2>/dev/null | head -n 1; }

case $verb in
  list)
    cd "$1" 2>/dev/null || exit 0
    for path in "sweeps/$2"/*; do
      [ -d "$path" ] && [ ! -L "$path" ] || continue
      printf 'sweep\t%s\t%s\t%s\t%s\n' "$(size "$path")" "$(alive "$path")" "$(code_of "$path")" "${path##*/}"
    done
    for path in "code/$2"/* "code/$2"/.[0-9a-f]*; do
      [ -d "$path" ] && [ ! -L "$path" ] || continue
      # A copy in the making belongs to somebody; one of yesterday was given up.
      case ${path##*/} in .*) [ -n "$(find "$path" -prune -mtime +0 2>/dev/null)" ] || continue ;; esac
      printf 'code\t%s\t%s\n' "$(size "$path")" "${path##*/}"
    done
    ;;
  remove)
    cd "$1" || exit 1
    shift
    for path in "$@"; do
      # Only DIRECTORY/PROJECT/NAME, and no link among them: what it leads to is somebody else's.
      case $path in
        *..* | /* | */*/*/*) echo "not a path to remove: $path" >&2; exit 2 ;;
        sweeps/?*/?* | code/?*/?*) ;;
        *) echo "not a path to remove: $path" >&2; exit 2 ;;
      esac
      if [ -L "${path%%/*}" ] || [ -L "${path%/*}" ] || [ -L "$path" ]; then
        echo "$path is a symbolic link" >&2
        exit 2
      fi
      [ -d "$path" ] || continue
      if [ "$(alive "$path")" != 0 ]; then
        echo "something of $path still runs" >&2
        exit 3
      fi
      case $path in
        code/*)
          # Taken away before it is looked whether a sweep began with it since the list was made: such a one looks, too,
          # once it has written down that it did.
          away=${path%/*}/.${path##*/}.$$
          mv "$path" "$away" || exit 1
          project=${path#code/}
          if grep -qsF "/$path\"" "sweeps/${project%%/*}"/*/code.json; then
            [ -d "$path" ] || mv "$away" "$path" || exit 1
            printf 'kept\t%s\n' "$path"
          fi
          path=$away
          [ -d "$path" ] || continue
          ;;
      esac
      # Copies of code are read-only. Only their directories: their files may be shared with other copies.
      find "$path" -type d ! -perm -200 -exec chmod u+w {} + && rm -rf -- "$path" || exit 1
    done
    ;;
esac
