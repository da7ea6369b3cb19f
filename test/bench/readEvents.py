"""Reads a TensorBoard event file with TensorBoard's own reader. Usage: readEvents.py FILE"""

import json
import sys
import time

from tensorboard.backend.event_processing.event_file_loader import EventFileLoader

began = time.monotonic()
last = {}
for event in EventFileLoader(sys.argv[1]).Load():
    for value in event.summary.value:
        tensor = value.tensor
        last[value.tag] = tensor.float_val[0] if tensor.float_val else value.simple_value
print(json.dumps({"wallMs": (time.monotonic() - began) * 1000, "last": list(last.items())}))
