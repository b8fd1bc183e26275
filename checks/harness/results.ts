import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { packedCommit } from '../../src/lab/base/applicationFiles.ts';

/** The circumstances of figures: parts are measured on different days. */
export interface Circumstances {
  readonly date: string;
  readonly commit: string;
  readonly machine: string;
  readonly node: string;
  /** Load of the machine when the part began, as the average of a minute; null if it was not recorded. */
  readonly load: number | null;
}

export async function circumstances(): Promise<Circumstances> {
  const commit = packedCommit() ?? (await checkedOutCommit());
  return {
    date: new Date().toISOString(),
    commit,
    machine: `${cpus()[0]?.model.trim()}, ${availableParallelism()} threads`,
    node: process.version,
    load: Math.round(10 * loadavg()[0]!) / 10,
  };
}

async function checkedOutCommit(): Promise<string> {
  const { stdout } = await promisify(execFile)('git', ['rev-parse', '--short', 'HEAD'], { cwd: import.meta.dirname });
  return stdout.trim();
}

/** The results, with those of a part replaced, in the order of `parts`. */
export function withPart<Result extends { readonly part: string }>(
  results: readonly Result[],
  result: Result,
  parts: readonly string[],
): Result[] {
  return [...results.filter(({ part }) => part !== result.part), result].sort(
    (a, b) => parts.indexOf(a.part) - parts.indexOf(b.part),
  );
}

/** The file of results, by device or kind: `cpu`, the name of an adapter, `faults`. */
export function resultsFile(name: string): string {
  return fileURLToPath(new URL(`../bench/results/${name}.json`, import.meta.url));
}

/** Writes the results of a part and keeps those of other parts. */
export function keepResult<Result extends { readonly part: string }>(
  file: string,
  result: Result,
  parts: readonly string[],
): void {
  const earlier = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Result[]) : [];
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(withPart(earlier, result, parts), null, 2)}\n`);
}
