import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { importDataset, type ImportOptions } from '../../src/lab/data/importDataset.ts';
import { readDataset } from '../../src/lab/data/datasetFolder.ts';
import { LabError, type ErrorCode } from '../../src/shared/errors.ts';

/** Gone when the test has finished. */
export function dataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'losslab-data-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes a file into a fresh folder; its path. */
export function dataFile(name: string, content: string | Buffer): string {
  const path = join(dataFolder(), name);
  writeFileSync(path, content);
  return path;
}

export const questionsHeader = 'Id,OwnerUserId,CreationDate,Score,Title,Body\n';
export const answersHeader = 'Id,OwnerUserId,CreationDate,ParentId,Score,Body\n';

/** So many questions with ids 1, 2, … */
export function questionRows(count: number): string {
  return Array.from({ length: count }, (_, i) => `${i + 1},NA,2010,${i},Title ${i + 1},"<p>Body ${i + 1}</p>"\n`).join(
    '',
  );
}

/** One answer to each question, with ids 101, 102, … */
export function answerRows(count: number): string {
  return Array.from({ length: count }, (_, i) => `${i + 101},NA,2010,${i + 1},${i},"<p>Answer ${i + 1}</p>"\n`).join(
    '',
  );
}

/** Imports a CSV pair given by its rows (or whole content) into a fresh home and reads it back. */
export async function importPair(
  content: { readonly questions?: string | Buffer; readonly answers?: string | Buffer },
  options: Partial<ImportOptions> & { readonly encoding?: 'utf-8' | 'latin-1' } = {},
) {
  const questions = dataFile('Questions.csv', content.questions ?? questionsHeader + questionRows(5));
  const answers = dataFile('Answers.csv', content.answers ?? answersHeader + answerRows(5));
  const { encoding, ...rest } = options;
  const home = options.home ?? join(dataFolder(), 'home');
  const source = { kind: 'csv', questions, answers, encoding } as const;
  const { folder, manifest } = await importDataset({ home, name: 'test', source, ...rest });
  return { home, folder, manifest, questions: (await readDataset(folder)).questions };
}

/** The LabError that `action` ends with; anything else fails the test. */
export async function labError(action: Promise<unknown> | (() => unknown), code: ErrorCode): Promise<LabError> {
  const error = await Promise.resolve(
    typeof action === 'function' ? new Promise((resolve) => resolve(action())) : action,
  ).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(LabError);
  expect((error as LabError).code).toBe(code);
  return error as LabError;
}

/** Real data lies beside the repository on some machines; undefined where it does not. */
export function realData(name: string): string | undefined {
  const folder = join(import.meta.dirname, '../../../shared/data', name);
  return existsSync(folder) ? folder : undefined;
}
