"""A training step of the DistilBERT architecture in PyTorch: what LossLab's step is measured against.

Pairs of texts of one length, no dropout, forward, InfoNCE, backward and AdamW. Weights and tokens are random, from a seed.
Prints one line of JSON.
"""

import json
import time

import torch
from torch.nn import functional

from model import peak_bytes, read_job

TEMPERATURE = 0.1


def training_step(encoder, optimizer, tokens, mask):
    pairs = len(tokens) // 2
    vectors = encoder(tokens, mask)
    similarities = vectors[:pairs] @ vectors[pairs:].T / TEMPERATURE
    loss = functional.cross_entropy(similarities, torch.arange(pairs))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


def main():
    job, encoder = read_job(__doc__)
    optimizer = torch.optim.AdamW(encoder.parameters(), lr=2e-5)
    tokens = torch.randint(job["shape"]["vocabularySize"], (2 * job["pairs"], job["length"]))
    mask = torch.ones_like(tokens, dtype=torch.bool)
    seconds, losses = [], []
    for _ in range(job["steps"]):
        started = time.perf_counter()
        losses.append(training_step(encoder, optimizer, tokens, mask))
        seconds.append(time.perf_counter() - started)
    print(json.dumps({"seconds": seconds, "losses": losses, "peakBytes": peak_bytes()}))


if __name__ == "__main__":
    main()
