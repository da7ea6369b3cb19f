#!/bin/sh
# The same pendulum for a language without a package manager: POSIX sh and awk.
# Usage: pendulum.sh METHOD STEP [FOLDER]
set -eu
method=$1 step=$2 folder=${3:-.}

exec awk -v method="$method" -v step="$step" -v folder="$folder" '
function energy() { return speed * speed / 2 + 9.81 * (1 - cos(angle)) }
function fail(words, code) { print "pendulum.sh: " words >"/dev/stderr"; exit code }
BEGIN {
  if (method != "euler" && method != "symplectic") fail("there is no method \"" method "\"", 2)
  angle = 1.0471975512; speed = 0; start = energy(); drift = 0
  print "second,angle,energy" >(folder "/metrics.csv")
  for (second = 1; second <= 60; second++) {
    for (i = 0; i < int(1 / step + 0.5); i++) {
      before = speed
      speed -= step * 9.81 * sin(angle)
      angle += step * (method == "euler" ? before : speed)
    }
    ratio = energy() / start
    if (ratio > 10) fail("the pendulum has " ratio " times its energy after " second " s: take a smaller step", 3)
    off = ratio > 1 ? ratio - 1 : 1 - ratio
    if (off > drift) drift = off
    print second "," angle "," ratio >(folder "/metrics.csv")
  }
  printf "{\"energy\": {\"drift\": %.6g, \"end\": %.6g}}\n", drift, ratio >(folder "/metrics.json")
  print method " with steps of " step " s: energy off by at most " drift * 100 " %"
}'
