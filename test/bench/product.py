"""Walks all combinations of a grid as dictionaries, the way a script would. Usage: product.py AXES VALUES"""

import itertools
import json
import sys
import time


def main(axes, values):
    names = [f"group{axis}.name{axis}" for axis in range(axes)]
    columns = [[value * 0.5 for value in range(values)] for _ in range(axes)]
    began = time.monotonic()
    count = 0
    for combination in itertools.product(*columns):
        task = dict(zip(names, combination))
        count += len(task) == axes
    print(json.dumps({"count": count, "wallMs": (time.monotonic() - began) * 1000}))


main(int(sys.argv[1]), int(sys.argv[2]))
