"""A training step of the DistilBERT architecture in PyTorch: what LossLab's step is measured against.

16 texts (8 pairs) of 128 tokens, no dropout, forward, InfoNCE, backward and AdamW, on the CPU in
float32. Weights and tokens are random, from a seed. Prints one line of JSON.
"""

import argparse
import json
import resource
import statistics
import sys
import time

import torch
from torch import nn
from torch.nn import functional

VOCABULARY, POSITIONS, SIZE, LAYERS, HEADS, INNER, PROJECTION = 30522, 512, 768, 6, 12, 3072, 128
PAIRS, LENGTH, TEMPERATURE = 8, 128, 0.1


class Block(nn.Module):
    """Self-attention and a feed-forward part, each followed by its residual and LayerNorm."""

    def __init__(self):
        super().__init__()
        self.query, self.key, self.value, self.out = (nn.Linear(SIZE, SIZE) for _ in range(4))
        self.attention_norm = nn.LayerNorm(SIZE, eps=1e-12)
        self.inner, self.outer = nn.Linear(SIZE, INNER), nn.Linear(INNER, SIZE)
        self.output_norm = nn.LayerNorm(SIZE, eps=1e-12)

    def attend(self, x, mask):
        texts, length, _ = x.shape

        def split(y):
            return y.view(texts, length, HEADS, SIZE // HEADS).transpose(1, 2)

        query, key, value = split(self.query(x)), split(self.key(x)), split(self.value(x))
        scores = query @ key.transpose(2, 3) / (SIZE // HEADS) ** 0.5
        weights = scores.masked_fill(~mask, torch.finfo(scores.dtype).min).softmax(-1)
        return self.out((weights @ value).transpose(1, 2).reshape(texts, length, SIZE))

    def forward(self, x, mask):
        x = self.attention_norm(x + self.attend(x, mask))
        return self.output_norm(x + self.outer(functional.gelu(self.inner(x))))


class Encoder(nn.Module):
    """Token ids [texts, length] to unit vectors [texts, PROJECTION], from the first token's state."""

    def __init__(self):
        super().__init__()
        self.words, self.positions = nn.Embedding(VOCABULARY, SIZE), nn.Embedding(POSITIONS, SIZE)
        self.norm = nn.LayerNorm(SIZE, eps=1e-12)
        self.blocks = nn.ModuleList(Block() for _ in range(LAYERS))
        self.projection = nn.Linear(SIZE, PROJECTION)
        for parameter in self.parameters():
            if parameter.dim() > 1:
                nn.init.normal_(parameter, std=0.02)

    def forward(self, tokens, mask):
        x = self.norm(self.words(tokens) + self.positions(torch.arange(tokens.shape[1])))
        for block in self.blocks:
            x = block(x, mask[:, None, None, :])
        return functional.normalize(self.projection(x[:, 0]), dim=-1)


def training_step(encoder, optimizer, tokens, mask):
    vectors = encoder(tokens, mask)
    similarities = vectors[:PAIRS] @ vectors[PAIRS:].T / TEMPERATURE
    loss = functional.cross_entropy(similarities, torch.arange(PAIRS))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


def peak_bytes():
    """Peak resident memory of this process; the kernel counts in kilobytes, macOS in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--warmup", type=int, default=2, help="steps before the timed ones")
    parser.add_argument("--steps", type=int, default=5, help="timed steps")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)

    encoder = Encoder()
    optimizer = torch.optim.AdamW(encoder.parameters(), lr=2e-5)
    tokens = torch.randint(VOCABULARY, (2 * PAIRS, LENGTH))
    mask = torch.ones_like(tokens, dtype=torch.bool)
    seconds, losses = [], []
    for _ in range(options.warmup + options.steps):
        started = time.perf_counter()
        losses.append(training_step(encoder, optimizer, tokens, mask))
        seconds.append(time.perf_counter() - started)
    timed = seconds[options.warmup:]
    print(json.dumps({
        "seconds": timed,
        "medianSeconds": statistics.median(timed),
        "warmupSeconds": seconds[: options.warmup],
        "losses": losses,
        "peakBytes": peak_bytes(),
        "parameters": sum(parameter.numel() for parameter in encoder.parameters()),
        "torch": torch.__version__,
        "threads": torch.get_num_threads(),
    }))


if __name__ == "__main__":
    main()
