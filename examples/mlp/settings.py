"""Settings from a command line of dotted names, the way Hydra writes them: optimizer.lr=0.1 model.width=16."""

import difflib
import json

DEFAULTS = {
    "data.file": "data/iris.csv",
    "data.validation": 0.2,
    "data.batch_size": 16,
    "model.width": 12,
    "model.activation": "tanh",
    "optimizer.lr": 0.1,
    "optimizer.momentum": 0.9,
    "optimizer.weight_decay": 0.0,
    "trainer.max_epochs": 30,
    # Seconds to wait after each epoch, to have something to watch.
    "trainer.pause": 0.0,
    "seed": 1,
    "output.dir": "outputs/manual",
}


def read_settings(arguments):
    """The defaults with the command line's values over them. Raises ValueError for a name that is not a setting."""
    settings = dict(DEFAULTS)
    for argument in arguments:
        name, equals, text = argument.partition("=")
        if not equals:
            raise ValueError(f"{argument!r} is not of the form name=value")
        if name.startswith("hydra."):
            continue
        if name not in DEFAULTS:
            near = difflib.get_close_matches(name, DEFAULTS, 1)
            hint = f", did you mean {near[0]!r}?" if near else ""
            raise ValueError(f"there is no setting {name!r}{hint}")
        settings[name] = read_value(text)
    return settings


def read_value(text):
    """A number, a truth value or a text, which may be quoted."""
    words = {"true": True, "false": False, "null": None}
    if text.lower() in words:
        return words[text.lower()]
    if len(text) >= 2 and text[0] == text[-1] == "'":
        return text[1:-1].replace("\\'", "'")
    try:
        return json.loads(text)
    except ValueError:
        return read_number(text)


def read_number(text):
    """What Python reads as a number and JSON does not: 1e-3 is both, .5 and 1_000 are not."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            pass
    return text
