# Which names the file system of the checkout takes for one and the same: tried, because nothing tells it.
section folds
probe=$state/hsmprobe$$ accent=$state/hsm$$
for name in "$probe" "$accent$(printf '\303\251')"; do
  error=$({ true >"$name"; } 2>&1) || stop_unwritable "$error"
done
[ ! -e "$state/HSMPROBE$$" ] || say case
[ ! -e "${accent}e$(printf '\314\201')" ] || say unicode
rm -f "$probe" "$accent$(printf '\303\251')"
section end
