# $3: a path that begins with ./; $4: how many bytes are shown at most. The content as base64: a word has no NUL.
cd -- "$root" 2>/dev/null || stop missing "$root"
section content
above=$3 linked=
while above=${above%/*}; [ "$above" != . ]; do [ ! -h "$above" ] || linked=yes; done
encode() { if has_tool base64; then base64; else openssl base64; fi | tr -d '\n'; printf '\000'; }
if [ -n "$linked" ]; then :
elif [ -h "$3" ]; then readlink "$3" | tr -d '\n' | encode
elif [ -f "$3" ]; then head -c "$4" "$3" | encode; fi
section end
