"""Fisher's iris measurements: four lengths in centimetres, three species."""

import csv
import random


def load(file, validation, seed):
    """Training and validation rows, each a pair of standardised features and the number of its species."""
    with open(file, newline="") as stream:
        table = list(csv.DictReader(stream))
    names = [name for name in table[0] if name != "species"]
    species = sorted({row["species"] for row in table})
    features = standardise([[float(row[name]) for name in names] for row in table])
    rows = [(x, species.index(row["species"])) for x, row in zip(features, table)]
    random.Random(seed).shuffle(rows)
    held_out = round(len(rows) * validation)
    return rows[held_out:], rows[:held_out]


def standardise(features):
    """Each column with mean 0 and standard deviation 1."""
    columns = [standardise_column(column) for column in zip(*features)]
    return [list(row) for row in zip(*columns)]


def standardise_column(column):
    mean = sum(column) / len(column)
    deviation = (sum((x - mean) ** 2 for x in column) / len(column)) ** 0.5
    return [(x - mean) / deviation for x in column]


def batches(rows, size, generator):
    """The rows in a new order, in batches of one size; the last, smaller one is left out."""
    if size > len(rows):
        raise ValueError(f"batch size {size} is larger than the {len(rows)} training rows: set data.batch_size lower")
    order = rows[:]
    generator.shuffle(order)
    for start in range(0, len(order) - size + 1, size):
        yield order[start : start + size]
