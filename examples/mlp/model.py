"""A network with one hidden layer, in plain Python: slow, and short enough to read."""

import math
import random

# name: (the function, its slope from the function's value)
ACTIVATIONS = {
    "tanh": (math.tanh, lambda y: 1 - y * y),
    "relu": (lambda x: x if x > 0 else 0.0, lambda y: 1.0 if y > 0 else 0.0),
    "linear": (lambda x: x, lambda y: 1.0),
}


class Network:
    """inputs -> width units -> scores of the classes."""

    def __init__(self, inputs, width, classes, activation, seed):
        generator = random.Random(seed)
        self.activate, self.slope = ACTIVATIONS[activation]
        self.hidden = Layer(inputs, width, generator)
        self.output = Layer(width, classes, generator)

    def scores(self, x):
        return self.output.forward([self.activate(s) for s in self.hidden.forward(x)])

    def train(self, batch, lr, momentum, weight_decay):
        """One step of gradient descent. Returns the mean loss of the batch before the step."""
        total = 0.0
        for x, label in batch:
            h = [self.activate(s) for s in self.hidden.forward(x)]
            loss, error = cross_entropy(self.output.forward(h), label)
            total += loss
            back = self.output.backward(h, error)
            self.hidden.backward(x, [b * self.slope(y) for b, y in zip(back, h)])
        for layer in (self.hidden, self.output):
            layer.step(lr / len(batch), momentum, weight_decay)
        return total / len(batch)


class Layer:
    """Weights with a bias each, and the gradients gathered since the last step."""

    def __init__(self, inputs, outputs, generator):
        scale = inputs**-0.5
        self.weights = [[generator.gauss(0, scale) for _ in range(inputs)] + [0.0] for _ in range(outputs)]
        self.gradients = [[0.0] * (inputs + 1) for _ in range(outputs)]
        self.velocities = [[0.0] * (inputs + 1) for _ in range(outputs)]

    def forward(self, x):
        return [sum(w * v for w, v in zip(row, x)) + row[-1] for row in self.weights]

    def backward(self, x, error):
        """Gathers gradients; returns the error of the inputs."""
        for row, e in zip(self.gradients, error):
            for i, v in enumerate(x):
                row[i] += e * v
            row[-1] += e
        return [sum(e * row[i] for e, row in zip(error, self.weights)) for i in range(len(x))]

    def step(self, lr, momentum, weight_decay):
        for weights, gradients, velocities in zip(self.weights, self.gradients, self.velocities):
            for i, gradient in enumerate(gradients):
                velocities[i] = momentum * velocities[i] - lr * (gradient + weight_decay * weights[i])
                weights[i] += velocities[i]
                gradients[i] = 0.0


def cross_entropy(scores, label):
    """The loss and its slope by score. Raises ValueError when training has diverged."""
    top = max(scores)
    powers = [math.exp(s - top) for s in scores]
    total = sum(powers)
    loss = math.log(total) - (scores[label] - top)
    check_loss(loss)
    return loss, [p / total - (i == label) for i, p in enumerate(powers)]


def check_loss(loss):
    if not math.isfinite(loss) or loss > 200:
        raise ValueError(f"training diverged, the loss is {loss:.4g}: set optimizer.lr lower")
