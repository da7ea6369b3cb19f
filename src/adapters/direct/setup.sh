# shellcheck shell=sh
# What lines of setup may count on, as in a shell that somebody logged in to. Who reads this defines hsm_begin_line and
# hsm_end_line, between which each line stands.

# Bash has it, and lines are often written for that.
# By eval, because BusyBox has it too and would not even read the definition.
command -v source >/dev/null 2>&1 || eval 'source() {
  hsm_f=$1
  shift
  case $hsm_f in */*) ;; *) [ ! -f "$hsm_f" ] || hsm_f=./$hsm_f ;; esac
  . "$hsm_f"
}'

# Defines `module` where it is not: shells of commands do not read the files of /etc/profile.d.
hsm_want_module() {
  for hsm_f in "${LMOD_PKG:-/}/init/sh" "${MODULESHOME:-/}/init/sh" /etc/profile.d/z00_lmod.sh /etc/profile.d/lmod.sh \
    /etc/profile.d/modules.sh /usr/share/lmod/lmod/init/sh /usr/share/modules/init/sh /usr/share/Modules/init/sh \
    /opt/ohpc/admin/lmod/lmod/init/sh /opt/apps/lmod/lmod/init/sh /usr/local/lmod/lmod/init/sh \
    /cm/local/apps/environment-modules/current/init/sh /opt/cray/pe/modules/default/init/sh \
    /opt/modules/default/init/sh /usr/local/Modules/init/sh; do
    ! command -v module >/dev/null 2>&1 || return 0
    # In a copy of this shell first: what an uninstalled package left could end it.
    # shellcheck source=/dev/null
    if [ -r "$hsm_f" ] && (. "$hsm_f" && command -v module) >/dev/null 2>&1; then . "$hsm_f"; fi
  done
}
