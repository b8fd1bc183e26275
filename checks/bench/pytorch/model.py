"""The DistilBERT architecture with a projection behind it, in PyTorch: random weights, on the CPU in float32."""

import argparse
import json
import resource
import sys
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional


@dataclass(frozen=True)
class Shape:
    """Sizes of an encoder; written as LossLab's own settings are, so that both read the same JSON."""

    vocabularySize: int
    maxPositions: int
    size: int
    layers: int
    heads: int
    innerSize: int
    projection: int
    pooling: str
    dropout: float

    def __post_init__(self):
        if self.pooling != "cls":
            raise ValueError(f"this encoder takes the first token's state, not {self.pooling}")


class Block(nn.Module):
    """Self-attention and a feed-forward part, each followed by its residual and LayerNorm."""

    def __init__(self, shape):
        super().__init__()
        size = shape.size
        self.heads = shape.heads
        self.query, self.key, self.value, self.out = (nn.Linear(size, size) for _ in range(4))
        self.attention_norm = nn.LayerNorm(size, eps=1e-12)
        self.inner, self.outer = nn.Linear(size, shape.innerSize), nn.Linear(shape.innerSize, size)
        self.output_norm = nn.LayerNorm(size, eps=1e-12)
        self.dropout = nn.Dropout(shape.dropout)

    def attend(self, x, mask):
        texts, length, size = x.shape

        def split(y):
            return y.view(texts, length, self.heads, size // self.heads).transpose(1, 2)

        query, key, value = split(self.query(x)), split(self.key(x)), split(self.value(x))
        scores = query @ key.transpose(2, 3) / (size // self.heads) ** 0.5
        weights = self.dropout(scores.masked_fill(~mask, torch.finfo(scores.dtype).min).softmax(-1))
        return self.out((weights @ value).transpose(1, 2).reshape(texts, length, size))

    def forward(self, x, mask):
        x = self.attention_norm(x + self.attend(x, mask))
        return self.output_norm(x + self.dropout(self.outer(functional.gelu(self.inner(x)))))


class Encoder(nn.Module):
    """Token ids [texts, length] to unit vectors [texts, projection], from the first token's state."""

    def __init__(self, shape):
        super().__init__()
        self.words, self.positions = nn.Embedding(shape.vocabularySize, shape.size), nn.Embedding(shape.maxPositions, shape.size)
        self.norm = nn.LayerNorm(shape.size, eps=1e-12)
        self.dropout = nn.Dropout(shape.dropout)
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.projection = nn.Linear(shape.size, shape.projection)
        for parameter in self.parameters():
            if parameter.dim() > 1:
                nn.init.normal_(parameter, std=0.02)

    def forward(self, tokens, mask):
        x = self.dropout(self.norm(self.words(tokens) + self.positions(torch.arange(tokens.shape[1]))))
        for block in self.blocks:
            x = block(x, mask[:, None, None, :])
        return functional.normalize(self.projection(x[:, 0]), dim=-1)


def peak_bytes():
    """Peak resident memory of this process; the kernel counts in kilobytes, macOS in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def read_job(description):
    """What LossLab asks for: a file of JSON, whose `shape` is the encoder's."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("job", help="file of JSON")
    parser.add_argument("--threads", type=int, required=True)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    with open(options.job) as file:
        job = json.load(file)
    return job, Encoder(Shape(**job["shape"]))
