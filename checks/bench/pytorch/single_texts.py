"""The original's evaluation, in its manner: for each question, the question and every candidate encoded alone, padded."""

import time

import torch

HARD_NEGATIVES = 5


def padded(texts, length, pad):
    """Token ids [texts, length] and their mask, each text filled up to the longest that there can be."""
    tokens = torch.full((len(texts), length), pad, dtype=torch.long)
    mask = torch.zeros((len(texts), length), dtype=torch.bool)
    for row, ids in enumerate(texts):
        tokens[row, : len(ids)] = torch.tensor(ids)
        mask[row, : len(ids)] = True
    return tokens, mask


def passes_of(batches):
    """How often an evaluation encodes a text: question, best answer, up to five others, and the best of all other questions."""
    total = 0
    for batch in batches:
        items = [item for item in batch if len(item["answers"]) > 1]
        total += sum(1 + min(1 + HARD_NEGATIVES, len(item["answers"])) + len(items) - 1 for item in items)
    return total


def reciprocal_rank(similarities):
    """Of the first candidate, which is the right one."""
    return 1 / (1 + sum(value > similarities[0] for value in similarities[1:]))


def evaluate_questions(encoder, batch, count, length, pad):
    """Mean reciprocal rank, passes and seconds of the first `count` questions of a batch, whose others are candidates."""
    items = [item for item in batch if len(item["answers"]) > 1]
    passes, ranks = 0, []
    started = time.perf_counter()
    with torch.no_grad():

        def encode(ids):
            nonlocal passes
            passes += 1
            return encoder(*padded([ids], length, pad))

        for item in items[:count]:
            question = encode(item["question"])
            others = [other["answers"][0] for other in items if other is not item]
            candidates = item["answers"][: 1 + HARD_NEGATIVES] + others
            ranks.append(reciprocal_rank([(question @ encode(ids).T).item() for ids in candidates]))
    return {"mrr": sum(ranks) / len(ranks), "passes": passes, "seconds": time.perf_counter() - started}
