import { execFile, type ExecFileOptions } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Separate processes, so that each measures only its own memory. Each prints its result as JSON in its last line. */

const execute = promisify(execFile);

/** A script of bench/processes. */
export function runScript<T>(name: string, ...args: readonly (string | number)[]): Promise<T> {
  return runJson(process.execPath, [fileURLToPath(new URL(`processes/${name}`, import.meta.url)), ...args.map(String)]);
}

export async function runJson<T>(command: string, args: readonly string[], options: ExecFileOptions = {}): Promise<T> {
  const { stdout } = await execute(command, [...args], { ...options, encoding: 'utf8', maxBuffer: 1e8 });
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as T;
}

/** The current measurement, as text. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
