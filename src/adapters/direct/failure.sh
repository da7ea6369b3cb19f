#!/bin/sh
# shellcheck disable=SC3045 # a shell without such a limit leaves the line empty
# Writes down what the machine is like, for a task that has just failed: HSM_ATTEMPT and HSM_TASK_DIR in the
# environment. Sections of standard tools' output, read by parseSystemInformation. Names of programs and of chosen
# variables only: command lines and the rest of the environment may hold secrets.
LC_ALL=C
export LC_ALL
printf '== attempt %s\n' "$HSM_ATTEMPT"

printf '== host\n'
printf '%s %s %s\n' "$(uname -n)" "$(uname -srm)" "$(date +%s)"

printf '== disk\n'
df -Pk "$HSM_TASK_DIR" "${TMPDIR:-/tmp}" /dev/shm 2>/dev/null

printf '== memory\n'
grep -E '^(MemTotal|MemAvailable|SwapFree):' /proc/meminfo 2>/dev/null

printf '== processes\n'
ps -eo pid=,user=,rss=,pcpu=,comm= 2>/dev/null | sort -k3,3nr 2>/dev/null | head -n 10

printf '== limits\n'
printf 'open files %s\n' "$(ulimit -n 2>/dev/null)"
printf 'virtual memory KiB %s\n' "$(ulimit -v 2>/dev/null)"
printf 'cpu seconds %s\n' "$(ulimit -t 2>/dev/null)"
printf 'file size blocks %s\n' "$(ulimit -f 2>/dev/null)"
# The limit of the job or container, and how often the kernel killed something in it for lack of memory.
if read -r hsm_group </proc/self/cgroup 2>/dev/null; then
  hsm_group=/sys/fs/cgroup${hsm_group#*::}
  [ ! -r "$hsm_group/memory.max" ] || printf 'cgroup memory %s\n' "$(cat "$hsm_group/memory.max")"
  [ ! -r "$hsm_group/memory.events" ] || sed -n 's/^oom_kill /cgroup out-of-memory kills /p' "$hsm_group/memory.events"
fi

printf '== environment\n'
for hsm_name in CONDA_DEFAULT_ENV CONDA_PREFIX VIRTUAL_ENV LOADEDMODULES CUDA_VISIBLE_DEVICES OMP_NUM_THREADS \
  PYTHONPATH LD_LIBRARY_PATH TMPDIR SLURM_JOB_ID PBS_JOBID PYTORCH_CUDA_ALLOC_CONF XLA_PYTHON_CLIENT_PREALLOCATE \
  HF_HUB_OFFLINE WANDB_MODE; do
  eval "hsm_value=\${$hsm_name-}"
  # shellcheck disable=SC2154 # set by eval
  [ -z "$hsm_value" ] || printf '%s=%s\n' "$hsm_name" "$hsm_value"
done
hsm_value=$(command -v python3) && printf 'python3=%s\n' "$hsm_value"

# Last, because it takes longest and may hang with a broken driver.
if command -v nvidia-smi >/dev/null 2>&1; then
  printf '== gpu\n'
  nvidia-smi --query-gpu=index,name,memory.used,memory.total --format=csv,noheader,nounits 2>/dev/null
fi
