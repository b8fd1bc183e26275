import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { expectedFile, oldHome, type OldRuns, type Origin, type Sentences } from './oldHome.ts';

/** The home of LossLab 0.1 and its answers, as they lie in the fixture. */

export const origin = readExpected<Origin>('origin.json');
export const oldRuns = readExpected<OldRuns>('runs.json');
/** Answers by their question, without sentences. */
export const oldAnswers = JSON.parse(
  brotliDecompressSync(readFileSync(expectedFile('answers.json.br'))).toString(),
) as Readonly<Record<string, unknown>>;
export const oldSentences = readExpected<Readonly<Record<string, Sentences>>>('sentences.json');
/** SHA-256 of exported files, by their path. */
export const oldFiles = readExpected<Readonly<Record<string, string>>>('files.json');

export function readExpectedText(name: string): string {
  return readFileSync(expectedFile(name), 'utf8');
}

function readExpected<T>(name: string): T {
  return JSON.parse(readExpectedText(name)) as T;
}

/** Copies the home into a new folder, and tells its history where its files lie now. */
export function unpackOldHome(home: string): void {
  cpSync(join(oldHome, 'home'), home, { recursive: true });
  const database = join(home, 'losslab.db');
  writeFileSync(database, gunzipSync(readFileSync(join(oldHome, 'losslab.db.gz'))));
  const history = new Database(database);
  history.prepare('UPDATE runs SET encoder = replace(encoder, ?, ?)').run(origin.home, home);
  history.close();
}
