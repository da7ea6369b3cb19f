# What is known of every attempt, from four lists in this order, each begun by a line `#name`. The order carries the
# proof: a process that is missing from the third list wrote nothing that the fourth does not have.
#
#   #claims   names in claim/: `12.1`, `12.1.go`
#   #lanes    per lane its file's first and last line: `h PID START WHERE`, and `t 12.1 .`, `w PID START 12.1 .`, `q SWEEP .`
#             while it waits for its slot, which that sweep uses, or `g .` when it has it
#   #procs    `PID START GROUP SESSION PARENT`, ended by `#all`
#   #events   the log
#
# Variables: where (boot@host here), reboot (1: no claim is from this boot).
# Prints `lanes N`, `live N`, `foreign N`, `waiting N SWEEP…` (lanes without slot, and the sweeps that use them), and for each attempt that a verdict can be given of
# `L TASK ATTEMPT words` (lost) or `R TASK ATTEMPT go|no` (never started; whether its .go file was there).

/^#/ { section = substr($0, 2); next }
section == "claims" {
  if (sub(/\.go$/, "", $1)) go[$1] = 1
  else if ($1 ~ /^[0-9]+\.[0-9]+$/) claim[$1] = 1
  next
}
section == "lanes" {
  # A file of one line gives it twice.
  if ($1 == "h" && $0 == lane_line) next
  if ($1 == "h") { lane_line = $0; lanes++; lane_pid[lanes] = $2; lane_start[lanes] = $3; lane_where[lanes] = $4 }
  else if ($1 == "q" && $NF == ".") { waits[lanes] = 1; by[lanes] = NF > 2 ? $2 : "" }
  else if ($1 == "t" && $NF == ".") intent[lanes] = $2
  else if ($1 == "w" && $NF == ".") { intent[lanes] = $4; wrapper_pid[lanes] = $2; wrapper_start[lanes] = $3 }
  next
}
section == "procs" { start[$1] = $2; members[$3]++; if ($4 != $3) members[$4]++; next }
section == "events" {
  # A record begins with a bar; what is before it was torn.
  if (!sub(/^.*[|]/, "") || $NF != ".") next
  key = $2 "." $3
  if ($1 == "S" && NF == 10) { pid[key] = $6; since[key] = $7; place[key] = $8; mode[key] = $5; open[key] = 1; seen[key] = 1 }
  else if ($1 == "E" || $1 == "L" || $1 == "R") { delete open[key]; seen[key] = 1; ended[key] = 1 }
}
function lives(p, since) { return (p in start) && start[p] == since }
END {
  for (i = 1; i <= lanes; i++) {
    lane_lives = lane_where[i] == where && lives(lane_pid[i], lane_start[i])
    if (lane_lives) { alive++; at[lane_pid[i]] = intent[i]; under_way[intent[i]] = 1 }
    if (lane_lives && waits[i]) { waiting++; if (by[i] != "" && !(by[i] in users)) { users[by[i]] = 1; names = names " " by[i] } }
    if (lane_where[i] == where && lives(wrapper_pid[i], wrapper_start[i])) under_way[intent[i]] = 1
  }
  for (key in open) {
    if (key in ended) continue
    split(key, part, ".")
    if (place[key] != where) {
      split(place[key], there, "@"); split(where, here, "@")
      if (there[2] == here[2]) print "L", part[1], part[2], "the machine was restarted while it ran"
      else foreign++
    } else if (lives(pid[key], since[key])) {
      if (mode[key] == "l" && (pid[key] in at) && at[pid[key]] != key) print "L", part[1], part[2], "its lane went on, but there is no end record"
      else live++
    } else if (!(pid[key] in start) && (pid[key] in members)) live++
    else print "L", part[1], part[2], "process " pid[key] " is gone and left no end record"
  }
  for (key in claim) {
    if ((key in seen) || (key in under_way)) continue
    split(key, part, ".")
    if (reboot) print "L", part[1], part[2], "the machine was restarted before its start was certain to be on the disk"
    else print "R", part[1], part[2], (key in go) ? "go" : "no"
  }
  print "lanes", alive + 0
  print "live", live + 0
  print "foreign", foreign + 0
  print "waiting", (waiting + 0) names
}
