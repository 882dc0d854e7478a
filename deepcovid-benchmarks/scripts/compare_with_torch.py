"""The compiled engine and PyTorch eager, row by row in turn, in one run on one machine.

    python3 compare_with_torch.py OUT.csv CLASSPATH WEIGHTS [--networks squeezenet ...]

CLASSPATH is that of docs/benchmarks.md, WEIGHTS the folder of weights files. Where PyTorch is not
installed for this Python, the compiled rows are measured alone, and the file says so; or name
with --libtorch the class path of PyTorch's binding to Java. Of several rounds, the medians count.
"""

import argparse
import csv
import pathlib
import subprocess
import sys
import tempfile

NETWORKS = ["squeezenet", "resnet18", "resnet50", "densenet121"]
COLUMNS = "network,engine,batch,images_per_second,milliseconds_per_batch,error_milliseconds"


def compiled(classpath, weights, network, batch):
    """Comment lines and result line of one JMH run."""
    with tempfile.TemporaryDirectory() as folder:
        results = pathlib.Path(folder, "row")
        subprocess.run(
            ["java", "-cp", classpath, "org.deepcovid.benchmarks.RunBenchmarks", str(results)]
            + ["-p", f"network={network}", "-p", "engine=compiled", "-p", f"batch={batch}"]
            + ["-p", f"weights={weights}", "-wi", "1", "-w", "2", "-i", "3", "-r", "2"],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        lines = results.with_suffix(".csv").read_text().splitlines()
    comments = [line for line in lines if line.startswith("#") and "command" not in line]
    return comments, lines[-1]


def torch_lines(network, batch, libtorch):
    here = pathlib.Path(__file__).parent
    if libtorch:
        program = ["java", "-cp", libtorch, str(here / "torch" / "TorchEager.java")]
        words = [network, str(batch), "2"]
    else:
        program = [sys.executable, str(here / "torch_eager.py")]
        words = ["--networks", network, "--batches", str(batch), "--seconds", "2"]
    run = subprocess.run(program + words, capture_output=True, text=True)
    if run.returncode != 0:
        return ["# " + run.stderr.strip().splitlines()[-1]]
    return run.stdout.splitlines()


def medians(lines):
    """Of lines that differ in their figures alone, the one with the median speed."""
    rows = {}
    for row in csv.reader(lines):
        rows.setdefault(tuple(row[:3]), []).append(row)
    return [
        sorted(same, key=lambda row: float(row[3]))[len(same) // 2] for same in rows.values()
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out")
    parser.add_argument("classpath")
    parser.add_argument("weights")
    parser.add_argument("--networks", nargs="+", default=NETWORKS)
    parser.add_argument("--batches", nargs="+", type=int, default=[1, 20])
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--libtorch")
    options = parser.parse_args()
    comments, rows, ratios = [], [], []
    for network in options.networks:
        for batch in options.batches:
            lines = []
            for _ in range(options.rounds):
                heading, line = compiled(options.classpath, options.weights, network, batch)
                lines += heading + [line] + torch_lines(network, batch, options.libtorch)
            comments += [text for text in lines if text.startswith("#")]
            ours, *others = medians(text for text in lines if not text.startswith("#"))
            rows += [ours] + others
            if others:
                best = max(others, key=lambda row: float(row[3]))
                ratio = float(ours[3]) / float(best[3])
                ratios.append(f"# {network} batch {batch}: {ratio:.2f} x {best[1]}")
    words = " ".join(w for w in sys.argv[1:] if w not in (options.classpath, options.libtorch))
    command = f"# command: compare_with_torch.py {words}"
    lines = list(dict.fromkeys(comments)) + [command] + ratios + [COLUMNS]
    text = "\n".join(lines + [",".join(row) for row in rows]) + "\n"
    pathlib.Path(options.out).write_text(text)
    print(text)


main()
