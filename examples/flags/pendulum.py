#!/usr/bin/env python3
"""Swings a pendulum without friction for a minute and tells how much energy the method of integration invents."""

import argparse
import csv
import json
import math
import os


def slope(state):
    angle, speed = state
    return speed, -9.81 * math.sin(angle)


def moved(state, change, factor):
    return tuple(s + factor * c for s, c in zip(state, change))


def euler(state, step):
    return moved(state, slope(state), step)


def midpoint(state, step):
    return moved(state, slope(moved(state, slope(state), step / 2)), step)


def symplectic(state, step):
    angle, speed = state
    speed -= step * 9.81 * math.sin(angle)
    return angle + step * speed, speed


def rk4(state, step):
    a = slope(state)
    b = slope(moved(state, a, step / 2))
    c = slope(moved(state, b, step / 2))
    d = slope(moved(state, c, step))
    for change, factor in ((a, 1 / 6), (b, 1 / 3), (c, 1 / 3), (d, 1 / 6)):
        state = moved(state, change, step * factor)
    return state


METHODS = {"euler": euler, "midpoint": midpoint, "symplectic": symplectic, "rk4": rk4}


def energy(state):
    angle, speed = state
    return speed * speed / 2 + 9.81 * (1 - math.cos(angle))


def simulate(method, step, angle, seconds):
    """One row per simulated second: time, angle, energy over the energy at the start."""
    state = (math.radians(angle), 0.0)
    start = energy(state)
    rows = []
    for second in range(1, seconds + 1):
        for _ in range(round(1 / step)):
            state = METHODS[method](state, step)
        ratio = energy(state) / start
        if ratio > 10:
            raise ArithmeticError(f"the pendulum has {ratio:.1f} times its energy after {second} s: take a smaller step")
        rows.append((second, state[0], ratio))
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--method", choices=METHODS, required=True)
    parser.add_argument("--step", type=float, default=0.01, help="seconds")
    parser.add_argument("--angle", type=float, default=60, help="degrees at the start")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--out", default=os.environ.get("HSM_TASK_DIR", "."), help="folder for the results")
    options = parser.parse_args()

    rows = simulate(options.method, options.step, options.angle, options.seconds)
    with open(os.path.join(options.out, "metrics.csv"), "w", newline="") as stream:
        csv.writer(stream).writerows([("second", "angle", "energy"), *rows])
    drift = max(abs(ratio - 1) for _, _, ratio in rows)
    with open(os.path.join(options.out, "metrics.json"), "w") as stream:
        json.dump({"energy": {"drift": drift, "end": rows[-1][2]}}, stream)
    print(f"{options.method} with steps of {options.step} s: energy off by {drift:.2%} at most")


if __name__ == "__main__":
    main()
