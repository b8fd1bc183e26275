"""The original's evaluation of a test split, on a share of its questions. Prints one line of JSON."""

import json

from model import read_job
from single_texts import evaluate_questions, passes_of


def main():
    job, encoder = read_job(__doc__)
    encoder.eval()
    first = job["batches"][0]
    evaluate_questions(encoder, first, 1, job["length"], job["pad"])
    measured = evaluate_questions(encoder, first, job["measured"], job["length"], job["pad"])
    print(json.dumps({**measured, "allPasses": passes_of(job["batches"])}))


if __name__ == "__main__":
    main()
