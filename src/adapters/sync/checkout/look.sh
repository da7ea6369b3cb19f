# Standard input: paths, each ending with NUL.
cd -- "$root" 2>/dev/null || stop missing "$root"
if has_tool git && g rev-parse --git-dir >/dev/null 2>&1; then see_modes; fi
section look
look
section end
