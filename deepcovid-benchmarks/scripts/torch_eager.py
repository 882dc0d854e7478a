"""Time to the pooled features of one batch in PyTorch eager mode, as a yardstick.

The four networks with random weights, in inference mode, as their papers describe them, in both
memory layouts that PyTorch has for images, on all processors and on one: small batches may run
slower on more. Prints lines in the columns of RunBenchmarks' CSV.

    python3 torch_eager.py [--networks resnet50] [--batches 1 20] [--seconds 10]
"""

import argparse
import os
import statistics
import sys
import time

try:
    import torch
    from torch import nn
except ImportError:
    sys.exit("PyTorch is not installed for this Python: there is nothing to compare with")


def conv_norm(inputs, outputs, kernel, stride=1):
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False),
        nn.BatchNorm2d(outputs),
    )


class Residual(nn.Module):
    def __init__(self, inputs, width, outputs, stride):
        super().__init__()
        if outputs == width:  # basic block
            layers = [conv_norm(inputs, width, 3, stride), nn.ReLU(True), conv_norm(width, width, 3)]
        else:  # bottleneck
            layers = [
                conv_norm(inputs, width, 1),
                nn.ReLU(True),
                conv_norm(width, width, 3, stride),
                nn.ReLU(True),
                conv_norm(width, outputs, 1),
            ]
        self.layers = nn.Sequential(*layers)
        same = stride == 1 and inputs == outputs
        self.shortcut = nn.Identity() if same else conv_norm(inputs, outputs, 1, stride)
        self.relu = nn.ReLU(True)

    def forward(self, x):
        return self.relu(self.layers(x) + self.shortcut(x))


def resnet(depths, expansion):
    layers = [conv_norm(3, 64, 7, 2), nn.ReLU(True), nn.MaxPool2d(3, 2, 1)]
    channels = 64
    for stage, depth in enumerate(depths):
        width = 64 << stage
        for block in range(depth):
            stride = 2 if stage > 0 and block == 0 else 1
            layers.append(Residual(channels, width, width * expansion, stride))
            channels = width * expansion
    return layers


class Fire(nn.Module):
    def __init__(self, inputs, squeeze, expand):
        super().__init__()
        self.squeeze = nn.Sequential(nn.Conv2d(inputs, squeeze, 1), nn.ReLU(True))
        self.one = nn.Sequential(nn.Conv2d(squeeze, expand, 1), nn.ReLU(True))
        self.three = nn.Sequential(nn.Conv2d(squeeze, expand, 3, padding=1), nn.ReLU(True))

    def forward(self, x):
        x = self.squeeze(x)
        return torch.cat([self.one(x), self.three(x)], 1)


def squeezenet():
    layers = [nn.Conv2d(3, 64, 3, 2), nn.ReLU(True)]
    channels = 64
    for squeeze, expand, pool in [
        (16, 64, True), (16, 64, False), (32, 128, True), (32, 128, False),
        (48, 192, True), (48, 192, False), (64, 256, False), (64, 256, False),
    ]:
        layers += [nn.MaxPool2d(3, 2, ceil_mode=True)] if pool else []
        layers.append(Fire(channels, squeeze, expand))
        channels = 2 * expand
    return layers


class Dense(nn.Module):
    def __init__(self, inputs):
        super().__init__()
        self.layers = nn.Sequential(
            nn.BatchNorm2d(inputs), nn.ReLU(True), nn.Conv2d(inputs, 128, 1, bias=False),
            nn.BatchNorm2d(128), nn.ReLU(True), nn.Conv2d(128, 32, 3, padding=1, bias=False),
        )

    def forward(self, x):
        return torch.cat([x, self.layers(x)], 1)


def densenet():
    layers = [conv_norm(3, 64, 7, 2), nn.ReLU(True), nn.MaxPool2d(3, 2, 1)]
    channels = 64
    for stage, depth in enumerate([6, 12, 24, 16]):
        for _ in range(depth):
            layers.append(Dense(channels))
            channels += 32
        layers += [nn.BatchNorm2d(channels), nn.ReLU(True)]
        if stage < 3:
            layers += [nn.Conv2d(channels, channels // 2, 1, bias=False), nn.AvgPool2d(2)]
            channels //= 2
    return layers


NETWORKS = {
    "squeezenet": squeezenet,
    "resnet18": lambda: resnet([2, 2, 2, 2], 1),
    "resnet50": lambda: resnet([3, 4, 6, 3], 4),
    "densenet121": densenet,
}


LAYOUTS = {
    "torch-eager": torch.contiguous_format,
    "torch-channels-last": torch.channels_last,
}


def build(name):
    torch.manual_seed(0)
    return nn.Sequential(*NETWORKS[name](), nn.AdaptiveAvgPool2d(1), nn.Flatten()).eval()


def milliseconds(network, images, seconds):
    """Times of single batches, after two that do not count."""
    with torch.inference_mode():
        network(images)
        network(images)
        times = []
        end = time.perf_counter() + seconds
        while len(times) < 3 or time.perf_counter() < end:
            start = time.perf_counter()
            network(images)
            times.append((time.perf_counter() - start) * 1000)
    return times


def measure(name, batch, seconds, threads):
    """One line of CSV for each layout."""
    torch.set_num_threads(threads)  # some builds begin with one
    for layout_name, layout in LAYOUTS.items():
        engine = layout_name + ("-1-thread" if threads == 1 else "")
        network = build(name).to(memory_format=layout)
        images = torch.randn(batch, 3, 224, 224).to(memory_format=layout)
        times = milliseconds(network, images, seconds)
        mean = statistics.mean(times)
        error = statistics.stdev(times) / len(times) ** 0.5
        yield f"{name},{engine},{batch},{batch * 1000 / mean:.2f},{mean:.3f},{error:.3f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--networks", nargs="+", default=list(NETWORKS), choices=list(NETWORKS))
    parser.add_argument("--batches", type=int, nargs="+", default=[1, 20])
    parser.add_argument("--seconds", type=float, default=10)
    options = parser.parse_args()
    processors = len(os.sched_getaffinity(0))
    print(f"# torch {torch.__version__}, {processors} threads, and 1")
    for name in options.networks:
        for batch in options.batches:
            for threads in (processors, 1):
                for line in measure(name, batch, options.seconds, threads):
                    print(line, flush=True)


if __name__ == "__main__":
    main()
