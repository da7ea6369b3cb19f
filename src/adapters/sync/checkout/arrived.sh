# Standard input: the SHA-256 of every content that is about to be sent, one on a line, in order. Says which of them are here
# from pushes that broke off; whatever else these left goes, unless another transfer is under way that may want it.
stage=
work=$(mktemp -d "${TMPDIR:-/tmp}/hsm.XXXXXX") || stop unwritable "${TMPDIR:-/tmp}"
trap 'rm -rf "$work"' EXIT
cat >"$work/wanted"
lock_checkout
trap 'rm -rf "$work"; drop_lock' EXIT
take() {
  if [ -s "$work/wanted" ]; then
    sums_in "$1/files" | grep -F -f "$work/wanted" | while read -r sum file; do
      mkdir -p $arrived && mv -f "$file" "$arrived/$sum"
    done
  fi
  rm -rf "$1"
}
each_broken take
rmdir $state/staging 2>/dev/null
sound_contents | comm -12 - "$work/wanted" >"$work/sound"
if [ -z "$others" ] && [ -d $arrived ]; then
  ls $arrived | sort | comm -23 - "$work/sound" | while IFS= read -r name; do rm -rf "$arrived/$name"; done
  rmdir $arrived 2>/dev/null
fi
section arrived
tr '\n' '\0' <"$work/sound"
section end
