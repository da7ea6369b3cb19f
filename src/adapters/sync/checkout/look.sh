# Standard input: paths, each ending with NUL.
cd -- "$root" 2>/dev/null || stop missing "$root"
section look
look
section end
