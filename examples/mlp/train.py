#!/usr/bin/env python3
"""Trains a small network on the iris data. Settings: name=value, see settings.py."""

import csv
import json
import os
import random
import sys
import time

from data import batches, load
from model import Network, cross_entropy
from settings import read_settings


def main(arguments):
    settings = read_settings(arguments)
    directory = settings["output.dir"]
    os.makedirs(directory, exist_ok=True)
    history = train(settings, os.path.join(directory, "metrics.csv"))
    write_metrics(history, os.path.join(directory, "metrics.json"))


def train(settings, log):
    """Runs all epochs, with a row for each in `log`. Returns the rows."""
    training, validation = load(settings["data.file"], settings["data.validation"], settings["seed"])
    network = Network(
        inputs=len(training[0][0]),
        width=settings["model.width"],
        classes=len({label for _, label in training}),
        activation=settings["model.activation"],
        seed=settings["seed"],
    )
    generator = random.Random(settings["seed"])
    history = []
    with open(log, "w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["epoch", "train.loss", "val.loss", "val.accuracy"])
        for epoch in range(1, settings["trainer.max_epochs"] + 1):
            train_loss = train_epoch(network, training, generator, settings)
            val_loss, val_accuracy = evaluate(network, validation)
            history.append((epoch, train_loss, val_loss, val_accuracy))
            writer.writerow([epoch, f"{train_loss:.6f}", f"{val_loss:.6f}", f"{val_accuracy:.4f}"])
            stream.flush()
            print(f"epoch {epoch}: loss {train_loss:.4f}, validation accuracy {val_accuracy:.3f}", flush=True)
            time.sleep(settings["trainer.pause"])
    return history


def train_epoch(network, rows, generator, settings):
    losses = [
        network.train(
            batch, settings["optimizer.lr"], settings["optimizer.momentum"], settings["optimizer.weight_decay"]
        )
        for batch in batches(rows, settings["data.batch_size"], generator)
    ]
    return sum(losses) / len(losses)


def evaluate(network, rows):
    """Mean loss and share of the rows that are recognised."""
    total, right = 0.0, 0
    for x, label in rows:
        scores = network.scores(x)
        total += cross_entropy(scores, label)[0]
        right += scores.index(max(scores)) == label
    return total / len(rows), right / len(rows)


def write_metrics(history, file):
    epoch, train_loss, val_loss, val_accuracy = history[-1]
    best = max(history, key=lambda row: (row[3], -row[2]))
    metrics = {
        "epoch": epoch,
        "train": {"loss": round(train_loss, 6)},
        "val": {"loss": round(val_loss, 6), "accuracy": round(val_accuracy, 4)},
        "best": {"epoch": best[0], "accuracy": round(best[3], 4)},
    }
    with open(file, "w") as stream:
        json.dump(metrics, stream, indent=2)


if __name__ == "__main__":
    main(sys.argv[1:])
