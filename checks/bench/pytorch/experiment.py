"""An experiment of five losses in the original's manner: what LossLab's is measured against.

Every text is padded to the longest that there can be; a question is encoded again for each of its answers; hard negatives
and lists go through the encoder question by question; evaluation encodes one text at a time. Of each loss one batch is
measured, and of the evaluation some questions: whoever asks scales them to the whole. Prints one line of JSON.
"""

import json
import time

import torch
from torch.nn import functional

from model import Encoder, Shape, peak_bytes, read_job
from single_texts import evaluate_questions, padded, passes_of

TEMPERATURE, RANK_WEIGHT, TARGET_PROBABILITY, MARGIN, POSITIVES, LIST_LENGTH = 0.1, 0.1, 0.1, 0.2, 3, 5


class Training:
    """An encoder that is trained with batches of questions, each {question: ids, answers: [ids], scores}."""

    def __init__(self, encoder, length, pad):
        self.encoder, self.length, self.pad = encoder, length, pad
        self.optimizer = torch.optim.AdamW(encoder.parameters(), lr=2e-5)

    def encode(self, texts):
        return self.encoder(*padded(texts, self.length, self.pad))

    def step(self, loss_of, batch):
        started = time.perf_counter()
        loss = loss_of(self.encode, batch)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return time.perf_counter() - started


def infonce(encode, batch):
    questions, answers = encode([item["question"] for item in batch]), encode([item["answers"][0] for item in batch])
    return functional.cross_entropy(questions @ answers.T / TEMPERATURE, torch.arange(len(batch)))


def rank_infonce(encode, batch):
    pairs = [(group, rank, item["question"], ids) for group, item in enumerate(batch) for rank, ids in enumerate(item["answers"][:POSITIVES])]
    questions, answers = encode([question for _, _, question, _ in pairs]), encode([ids for _, _, _, ids in pairs])
    groups, ranks = torch.tensor([pair[0] for pair in pairs]), torch.tensor([pair[1] for pair in pairs])
    weights = (groups[:, None] == groups[None, :]) * torch.exp(-RANK_WEIGHT * ranks)
    targets = weights / weights.sum(1, keepdim=True)
    return -(targets * (questions @ answers.T / TEMPERATURE).log_softmax(1)).sum(1).mean()


def relaxed_hard_negative(encode, batch):
    losses = []
    for item in batch:
        question = encode([item["question"]])
        answers = torch.cat([encode([ids]) for ids in item["answers"]])
        count = len(answers)
        targets = torch.full((count, count), TARGET_PROBABILITY / (count - 1)).fill_diagonal_(1 - TARGET_PROBABILITY)
        predicted = (question.repeat(count, 1) @ answers.T / TEMPERATURE).log_softmax(1)
        losses.append(functional.kl_div(predicted, targets, reduction="sum") / count)
    return torch.stack(losses).mean()


def triplet(encode, batch):
    questions = encode([item["question"] for item in batch])
    positives, negatives = encode([item["answers"][0] for item in batch]), encode([item["answers"][-1] for item in batch])
    return functional.relu((questions * negatives).sum(1) - (questions * positives).sum(1) + MARGIN).mean()


def listwise(encode, batch):
    losses = []
    for item in batch:
        question, answers = encode([item["question"]]), encode(item["answers"][:LIST_LENGTH])
        scores = torch.tensor(item["scores"][:LIST_LENGTH])
        targets = (scores / scores.max() if scores.max() > 0 else scores).softmax(0)
        losses.append(functional.kl_div((question @ answers.T)[0].log_softmax(0), targets, reduction="sum"))
    return torch.stack(losses).mean()


LOSSES = {"infonce": infonce, "rank_infonce": rank_infonce, "relaxed_hard_neg": relaxed_hard_negative, "triplet": triplet, "listwise": listwise}


def measure_training(job, name):
    """Seconds of a step over the loss's batch of questions: the second, in the first memory is being allocated."""
    training = Training(Encoder(Shape(**job["shape"])), job["length"], job["pad"])
    training.encoder.train()
    training.step(LOSSES[name], job["batches"][name])
    return training.step(LOSSES[name], job["batches"][name])


def main():
    job, encoder = read_job(__doc__)
    encoder.eval()
    first = job["testBatches"][0]
    evaluate_questions(encoder, first, 1, job["length"], job["pad"])
    evaluation = evaluate_questions(encoder, first, job["measured"], job["length"], job["pad"])
    training = {name: measure_training(job, name) for name in LOSSES}
    print(json.dumps({"training": training, "evaluation": evaluation, "allPasses": passes_of(job["testBatches"]), "peakBytes": peak_bytes()}))


if __name__ == "__main__":
    main()
