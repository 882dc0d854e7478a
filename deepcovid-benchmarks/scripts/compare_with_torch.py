"""The compiled engine and PyTorch eager, row by row in turn, in one run on one machine.

    python3 compare_with_torch.py OUT.csv CLASSPATH WEIGHTS [--networks squeezenet ...]

CLASSPATH is that of docs/benchmarks.md, WEIGHTS the folder of weights files. Where PyTorch is not
installed for this Python, the compiled rows are measured alone, and the file says so.
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


def torch_lines(network, batch):
    script = pathlib.Path(__file__).with_name("torch_eager.py")
    run = subprocess.run(
        [sys.executable, str(script), "--networks", network, "--batches", str(batch)]
        + ["--seconds", "4"],
        capture_output=True,
        text=True,
    )
    if run.returncode != 0:
        return ["# " + run.stderr.strip().splitlines()[-1]]
    return run.stdout.splitlines()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out")
    parser.add_argument("classpath")
    parser.add_argument("weights")
    parser.add_argument("--networks", nargs="+", default=NETWORKS)
    parser.add_argument("--batches", nargs="+", type=int, default=[1, 20])
    options = parser.parse_args()
    comments, rows, ratios = [], [], []
    for network in options.networks:
        for batch in options.batches:
            heading, line = compiled(options.classpath, options.weights, network, batch)
            other = torch_lines(network, batch)
            for comment in heading + [text for text in other if text.startswith("#")]:
                if comment not in comments:
                    comments.append(comment)
            lines = [line] + [text for text in other if not text.startswith("#")]
            rows += lines
            speeds = [float(row[3]) for row in csv.reader(lines)]
            if len(speeds) > 1:
                ratio = speeds[0] / max(speeds[1:])
                ratios.append(f"# {network} batch {batch}: {ratio:.2f} x PyTorch's better layout")
    words = " ".join(word for word in sys.argv[1:] if word != options.classpath)
    command = f"# command: compare_with_torch.py {words}"
    text = "\n".join(comments + [command] + ratios + [COLUMNS] + rows) + "\n"
    pathlib.Path(options.out).write_text(text)
    print(text)


main()
