# The same as the functions put, make_link and drop of apply.sh, in Perl where there is one: without a process for each
# step, hundreds of files take a blink. Says a word for every file that is done, then what stopped it: by itself, because a
# full disk takes no notes.
place_all() {
  perl -e '
    use strict;
    my ($state, $backup, $pending, $mark, $plain) = @ARGV;
    my ($kept, %made) = ("$state/backups/$backup/files");
    sub parents {
      my ($folder) = @_;
      $folder =~ s{/[^/]*\z}{} or return 1;
      return 1 if $made{$folder} or -d $folder;
      return parents($folder) && (mkdir($folder) || -d $folder) && ($made{$folder} = 1);
    }
    sub keep {
      my ($path) = @_;
      lstat("./$path") or return 1;
      my $is_link = -l _;
      my $copy = "$kept/$path";
      return 1 if lstat($copy);
      parents($copy) or return 0;
      return symlink(readlink("./$path"), $copy) if $is_link;
      return link("./$path", $copy) || system("cp", "-p", "./$path", $copy) == 0;
    }
    sub replace {
      my ($ready, $path) = @_;
      if (-d "./$path") { return 0 unless -l "./$path" && unlink("./$path") }
      return parents("./$path") && rename($ready, "./$path");
    }
    sub free {
      my ($path) = @_;
      return 1 if -l "./$path" || ! -d "./$path";
      system("find", "./$path", "-depth", "-type", "d", "-exec", "rmdir", "{}", "+");
      %made = ();
      require Errno;
      $! = Errno::ENOTEMPTY();
      return ! -d "./$path";
    }
    sub put {
      my ($path, $number, $kind) = @_;
      free($path) or return 0;
      my $ready = "$pending/files/$number";
      my @old = lstat("./$path");
      if (@old && -f _) {
        my $mode = $old[2] & 0777;
        if ($kind eq "x") { $mode |= ($mode & 0444) >> 2 } elsif ($kind eq "f" && !$plain) { $mode &= ~0111 }
        chmod($mode, $ready) or $plain or return 0;
      }
      return keep($path) && replace($ready, $path);
    }
    sub make_link {
      my ($path, $target) = @_;
      unlink("$pending/link");
      return free($path) && keep($path) && symlink($target, "$pending/link") && replace("$pending/link", $path);
    }
    sub drop {
      my ($path) = @_;
      parents("$kept/$path") && rename("./$path", "$kept/$path") or return 0;
      while ($path =~ s{/[^/]*\z}{}) { rmdir("./$path") or last; %made = () }
      return 1;
    }
    open(my $plan, "<", "$pending/plan") or die "the plan cannot be read: $!\n";
    $/ = "\0";
    while (defined(my $kind = <$plan>)) {
      my ($detail, $path) = (scalar(<$plan>), scalar(<$plan>));
      chomp($kind, $detail, $path);
      $! = 0;
      my $is_done = $kind eq "link" ? make_link($path, $detail) : $kind eq "drop" ? drop($path) : put($path, $detail, $kind);
      if ($is_done) { print "$path\0"; next }
      print "\001$mark failed\0$path\0$!\0";
      exit 0;
    }
    print "\001$mark failed\0";
  ' "$state" "$backup" "$pending" "$mark" "$plain" 2>$pending/error || { status=$?; section failed; say '?'; say "Perl ended with $status. $(cat $pending/error)"; }
}
