# What every program for a checkout begins with. $1: the checkout as the configuration writes it; $2: a random mark, so
# that no file name can pass for a section. Output is a sequence of words that each end with NUL.
LC_ALL=C GIT_OPTIONAL_LOCKS=0 GIT_TERMINAL_PROMPT=0 GIT_LFS_SKIP_SMUDGE=1 GIT_PAGER=cat
export LC_ALL GIT_OPTIONAL_LOCKS GIT_TERMINAL_PROMPT GIT_LFS_SKIP_SMUDGE GIT_PAGER
unset CDPATH GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES GIT_NAMESPACE
# Neither hooks nor a file-system monitor of the repository run; the index is read, not refreshed; submodules are left alone.
g() {
  git -c core.fsmonitor=false -c core.hooksPath=/dev/null -c protocol.ext.allow=never -c gc.auto=0 \
    -c maintenance.auto=false -c core.quotePath=false -c submodule.recurse=false "$@"
}
mark=$2
section() { printf '\001%s %s\000' "$mark" "$1"; }
say() { printf '%s\000' "$1"; }
stop() { section error; say "$1"; say "$2"; say "${3-}"; section end; exit 0; }

# A leading ~ and $NAME or ${NAME} anywhere; nothing else means anything.
expand() {
  out= rest=$1
  case $rest in '~') out=$HOME rest= ;; '~/'*) out=$HOME/ rest=${rest#??} ;; esac
  while case $rest in *'$'*) : ;; *) false ;; esac; do
    out=$out${rest%%'$'*} rest=${rest#*'$'}
    case $rest in
    '{'*'}'*) name=${rest#?} name=${name%%'}'*} word={$name} ;;
    *) name=${rest%%[!A-Za-z0-9_]*} word=$name ;;
    esac
    case $name in
    '' | [0-9]* | *[!A-Za-z0-9_]*) out=$out'$' ;;
    *) eval "value=\${$name-}" && out=$out$value rest=${rest#"$word"} ;;
    esac
  done
  root=$out$rest
}
expand "$1"
case $root in /*) ;; *) root=$HOME/$root ;; esac

# Whether there may be content of a transfer that broke off, and whether it has been there for some days.
say_leftovers() {
  [ -d .hsm/sync/staging ] || [ -d .hsm/sync/arrived ] || return 0
  if [ -n "$(find .hsm/sync/staging/* .hsm/sync/arrived -prune -mtime +2 2>/dev/null)" ]; then say leftovers=old
  else say leftovers=yes; fi
}

has_tool() { command -v "$1" >/dev/null 2>&1; }

# Words that end with NUL as lines, and back: newlines in names become NUL meanwhile.
as_lines() { tr '\0\n' '\n\0'; }

# The paths of `git status --porcelain=v2 -z`, as lines.
paths_of_status() {
  as_lines | sed -n -e 's/^[12] \([^ ]* \)\{7\}//p;t' -e 's/^u \([^ ]* \)\{9\}//p;t' -e 's/^[?] //p'
}

# Where git says that the executable bit of files means nothing, it is not told.
plain=
see_modes() { [ "$(g config --bool core.fileMode 2>/dev/null)" != false ] || plain=yes; }

# Reads paths that end with NUL; tells of each what is there: f plain file, x executable, p file of which that is not known,
# l link with its text behind //, d folder, n nothing, s behind a link, o other. Then the hashes of the files.
# $1: a file that takes their paths instead.
look() {
  files=${1-} plain=$plain hash=$(hash_tool) xargs -0 -n 400 sh -c '
    for f do
      shift
      case $f in ./*) ;; *) f=./$f ;; esac
      above=$f kind=
      while above=${above%/*}; [ "$above" != . ]; do [ ! -h "$above" ] || kind=s; done
      if [ -n "$kind" ]; then printf "s %s\0" "$f"
      elif [ -h "$f" ]; then
        text=$(readlink "$f"; echo .)
        printf "l %s//%s\0" "$f" "${text%??}"
      elif [ -f "$f" ]; then
        if [ -n "$plain" ]; then printf "p %s\0" "$f"
        elif [ -x "$f" ]; then printf "x %s\0" "$f"
        else printf "f %s\0" "$f"; fi
        set -- "$@" "$f"
      elif [ -d "$f" ]; then printf "d %s\0" "$f"
      elif [ -e "$f" ]; then printf "o %s\0" "$f"
      else printf "n %s\0" "$f"; fi
    done
    [ $# -gt 0 ] || exit 0
    [ -z "$files" ] || { printf "%s\0" "$@" >>"$files"; exit 0; }
    '"$hash_words" hsm 2>/dev/null
}

hash_tool() {
  if sha256sum -z </dev/null >/dev/null 2>&1; then echo batch
  elif has_tool sha256sum; then echo sha256sum
  elif has_tool shasum; then echo 'shasum -a 256'
  else echo 'openssl dgst -sha256 -r'; fi
}
hash_words='
  case $hash in
  batch) sha256sum -z -- "$@" ;;
  *)
    for f do
      sum=$($hash <"$f") && printf "%s  %s\0" "${sum%% *}" "$f"
    done ;;
  esac
  :'

# Reads paths of files; a word for each: type, permissions, size, mtime, ctime, inode, then the path. Any change shows in it.
stamps() {
  if find / -maxdepth 0 -printf '' 2>/dev/null; then
    xargs -0 -n 400 sh -c 'find "$@" -maxdepth 0 -printf "%y %m %s %T@ %C@ %i %p\0"' hsm 2>/dev/null
    return
  fi
  if stat -c %s / >/dev/null 2>&1; then form='stat -c'; fields='%a %s %Y %Z %i'; else form='stat -f'; fields='%Lp %z %m %c %i'; fi
  form=$form fields=$fields xargs -0 -n 400 sh -c '
    for f do
      if [ -h "$f" ]; then kind=l; elif [ -f "$f" ]; then kind=f; else kind=o; fi
      printf "%s %s %s\0" "$kind" "$($form "$fields" "$f")" "$f"
    done' hsm 2>/dev/null
}
