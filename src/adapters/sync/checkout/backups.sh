# Every backup with the paths that it holds.
cd -- "$root" 2>/dev/null || stop missing "$root"
section backups
for backup in .hsm/sync/backups/*/files; do
  [ -d "$backup" ] || continue
  name=${backup%/files}
  say "backup ${name##*/}"
  (cd "$backup" && find . ! -type d -print0)
done
section end
