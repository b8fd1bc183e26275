"""What PyTorch multiplies matrices with on this machine, and how fast. Prints one line of JSON."""

import argparse
import json
import os
import re
import statistics
import time

import torch

ROWS, INNER, COLUMNS = 2048, 768, 3072


def gigaflops(repetitions=9):
    """Median rate of a product of the size of a transformer's feed-forward layer."""
    left, right = torch.randn(ROWS, INNER), torch.randn(INNER, COLUMNS)
    for _ in range(3):
        left @ right
    seconds = []
    for _ in range(repetitions):
        started = time.perf_counter()
        left @ right
        seconds.append(time.perf_counter() - started)
    return 2 * ROWS * INNER * COLUMNS / statistics.median(seconds) / 1e9


def blas_files():
    """Files of the BLAS in this process; asked after a product has been computed."""
    if not os.path.exists("/proc/self/maps"):
        return []
    with open("/proc/self/maps") as maps:
        files = {line.split()[-1] for line in maps if ".so" in line}
    return sorted(file for file in files if re.search(r"blas|mkl|blis|atlas", os.path.basename(file)))


def name_of(files):
    if torch.backends.mkl.is_available():
        return "MKL"
    return ", ".join(os.path.basename(file) for file in files) or "a BLAS that this system does not name"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, required=True)
    torch.set_num_threads(parser.parse_args().threads)
    rate = gigaflops()
    files = blas_files()
    reference = any("/blas/libblas" in file for file in files)
    print(json.dumps({"version": torch.__version__, "blas": name_of(files), "reference": reference, "gigaflops": rate}))


if __name__ == "__main__":
    main()
