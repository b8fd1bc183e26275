import type { Verification } from '../../shared/contract/encoders.ts';
import { LabError } from '../../shared/errors.ts';
import { streamQuestions } from './datasetFolder.ts';
import type { FoundDataset } from './findDataset.ts';
import { QuestionStatistics } from './statistics.ts';

/** Reads all of a dataset, and compares its questions and their number with its manifest. */
export async function verifyDataset({ folder, manifest }: FoundDataset, signal?: AbortSignal): Promise<Verification> {
  const statistics = new QuestionStatistics();
  try {
    for await (const question of streamQuestions(folder, manifest)) {
      signal?.throwIfAborted();
      statistics.add(question);
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof LabError) return { problems: [error.message] };
    throw error;
  }
  const counts = statistics.counts();
  const wrong = (Object.keys(counts) as (keyof typeof counts)[]).filter((key) => counts[key] !== manifest.counts[key]);
  return {
    problems: wrong.map((key) => `The manifest says ${key}: ${manifest.counts[key]}; found: ${counts[key]}.`),
  };
}
