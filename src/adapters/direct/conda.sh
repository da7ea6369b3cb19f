# shellcheck shell=sh
# Activates the environment $1: one of conda by its name or path, or a virtual environment by its path. Shells of
# commands have not read the lines that make `conda activate` work, and often not those that put conda on the PATH, so it
# is looked for where installers and clusters put it. Ends with 79 when nothing was found, and says so on standard
# error.
hsm_activate() {
  hsm_env=$1
  # shellcheck disable=SC2088 # the character itself is meant
  case $hsm_env in '~/'*) hsm_env=$HOME/${hsm_env#'~/'} ;; esac
  if [ -f "$hsm_env/bin/activate" ] && [ ! -d "$hsm_env/conda-meta" ]; then
    # shellcheck source=/dev/null
    . "$hsm_env/bin/activate"
    return
  fi
  hsm_base=${CONDA_EXE:+${CONDA_EXE%/bin/conda}}
  [ -n "$hsm_base" ] || hsm_base=$(conda info --base 2>/dev/null) || hsm_base=
  for hsm_f in "$HOME/miniconda3" "$HOME/anaconda3" "$HOME/miniforge3" "$HOME/mambaforge" "$HOME/micromamba" \
    /opt/conda /opt/miniconda3 /opt/anaconda3 /opt/miniforge3 /usr/local/miniconda3; do
    [ -z "$hsm_base" ] || break
    [ ! -f "$hsm_f/etc/profile.d/conda.sh" ] || hsm_base=$hsm_f
  done
  if [ -n "$hsm_base" ] && [ -f "$hsm_base/etc/profile.d/conda.sh" ]; then
    # shellcheck source=/dev/null
    . "$hsm_base/etc/profile.d/conda.sh"
    conda activate "$hsm_env"
    return
  fi
  for hsm_f in micromamba "$HOME/bin/micromamba" "$HOME/.local/bin/micromamba"; do
    command -v "$hsm_f" >/dev/null 2>&1 || continue
    eval "$("$hsm_f" shell hook --shell posix)"
    micromamba activate "$hsm_env"
    return
  done
  echo "There is no virtual environment $hsm_env, and conda was found neither on the PATH nor where it usually is." >&2
  return 79
}
