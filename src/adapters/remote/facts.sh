# What a host tells of itself, read by hostFacts.ts: a line for each fact, its name first.
# usage: sh -s -- ROOT CHECKOUT NAME… (on standard input); NAME: variables to tell, ROOT and CHECKOUT may be empty
LC_ALL=C
export LC_ALL
root=$1 checkout=$2
shift 2

# Some of these are wrappers that take their time, e.g. pyenv's. The rest is told meanwhile; a line is written at once.
version() { printf 'version %s %s\n' "$1" "$("$@" 2>&1 | head -n 1)"; }
versions=
for tool in rsync git python3; do
  command -v "$tool" >/dev/null 2>&1 || continue
  version "$tool" --version &
  versions="$versions $!"
done

for name in HOME "$@"; do
  # The name was checked to be one before it was sent.
  eval "[ -z \"\${$name+x}\" ]" || eval "printf 'var %s %s\\n' \"$name\" \"\${$name}\""
done
printf 'host %s\n' "$(uname -n)"
printf 'system %s\n' "$(uname -s)"
printf 'time %s\n' "$(date +%s%N)"

cores=$(nproc 2>/dev/null || getconf _NPROCESSORS_ONLN 2>/dev/null || sysctl -n hw.ncpu 2>/dev/null)
printf 'cores %s\n' "${cores:-1}"
if [ -r /proc/loadavg ]; then
  read -r load rest </proc/loadavg
  printf 'load %s\n' "$load"
else
  uptime 2>/dev/null | sed -n 's/.*load averages*: *\([0-9.]*\).*/load \1/p'
fi
[ ! -r /proc/meminfo ] || awk '$1 == "MemTotal:" { total = $2 } $1 == "MemAvailable:" { free = $2 }
  END { if (total && free != "") printf "memory %d %d\n", free, total }' /proc/meminfo

# A leading tilde was not expanded by anybody yet.
# shellcheck disable=SC2088 # the character itself is meant
case $root in '~' | '~/'*) root=$HOME${root#'~'} ;; esac
case $root in
  /*)
    while [ ! -d "$root" ] && [ "$root" != / ]; do
      root=${root%/*}
      root=${root:-/}
    done
    # The columns of interest stand before the one with a percent sign; names before and behind may have blanks.
    df -Pk "$root" 2>/dev/null | awk 'NR > 1 { for (i = 5; i <= NF; i++) if ($i ~ /^[0-9]+%$/) { print "disk", $(i - 1), $(i - 3); exit } }'
    df -Pi "$root" 2>/dev/null | awk 'NR > 1 { for (i = 5; i <= NF; i++) if ($i ~ /^[0-9]+%$/) { print "inodes", $(i - 1), $(i - 3); exit } }'
    [ -w "$root" ] || printf 'readonly %s\n' "$root"
    ;;
esac
# shellcheck disable=SC2088
case $checkout in '~' | '~/'*) checkout=$HOME${checkout#'~'} ;; esac
[ -z "$checkout" ] || [ ! -d "$checkout" ] || printf 'checkout %s\n' "$checkout"

for tool in awk cat date grep head ln ls mkdir mv rm sleep sort tail wc \
  setsid nohup perl rsync tar git python3 conda mamba micromamba sha256sum nvidia-smi; do
  found=$(command -v "$tool" 2>/dev/null) && printf 'tool %s %s\n' "$tool" "$found"
done

# Prints what a program says, errors too, with each line behind the word $1, but waits no longer than ten seconds: a driver
# in trouble lets nvidia-smi hang, perhaps deaf even to SIGKILL. What hangs so is left alone.
limited() {
  word=$1
  shift
  {
    (
      "$@" 2>&1 &
      program=$!
      (
        trap 'kill "$!"; exit' TERM
        sleep 10 &
        wait "$!"
        echo "$1 does not answer."
        echo '=over'
        kill -9 "$program"
      ) &
      late=$!
      wait "$program"
      echo '=over'
      kill "$late"
    ) &
  } </dev/null 2>/dev/null | while IFS= read -r line && [ "$line" != '=over' ]; do printf '%s %s\n' "$word" "$line"; done
}

if command -v nvidia-smi >/dev/null 2>&1; then
  rows=$(limited gpu nvidia-smi --query-gpu=index,name,memory.used,memory.total,utilization.gpu --format=csv,noheader,nounits)
  printf '%s\n' "$rows"
  case $rows in
    'gpu '[0-9]*)
      limited uuid nvidia-smi --query-gpu=index,uuid --format=csv,noheader
      limited app nvidia-smi --query-compute-apps=gpu_uuid,pid,process_name --format=csv,noheader |
        while IFS=, read -r uuid pid name; do
          case ${pid# } in '' | *[!0-9]*) continue ;; esac
          printf '%s %s %s %s\n' "$uuid" "${pid# }" "$(ps -o user= -p "${pid# }" 2>/dev/null || echo '?')" "${name# }"
        done
      ;;
  esac
fi
# shellcheck disable=SC2086 # numbers of processes
[ -z "$versions" ] || wait $versions
printf 'end\n'
