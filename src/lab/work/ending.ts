import { stripVTControlCharacters } from 'node:util';
import { LabError } from '../../shared/errors.ts';
import { formatMemory } from '../../shared/format.ts';
import type { TaskTraits } from './task.ts';
import type { WorkerExit } from './workers.ts';

/** A worker that crashed, was killed from outside, or exceeded a limit. */
export class WorkerLost extends LabError {
  constructor(message: string, fix: string) {
    super('device', message, fix);
  }
}

/** Node itself ends with small numbers, for errors of the program; whatever else ends a worker comes from outside, or from a driver. */
const largestCodeOfNode = 13;

/** Why a job has no result whose worker ended without giving one. `errorOutput`: the last that it wrote to stderr. */
export function lostWorker({ what, fix }: TaskTraits, { killed, code }: WorkerExit, errorOutput: string): Error {
  if (!killed && code !== null && code <= largestCodeOfNode)
    return new Error(withLines(`${what} ended with exit code ${code} before it had a result.`, errorOutput));
  const how = killed ? 'was killed, or crashed' : `crashed with exit code ${code}`;
  return new WorkerLost(
    withLines(
      `${what} ${how}: the memory of the machine or its GPU may have run out, or a driver failed.`,
      causes(errorOutput),
    ),
    fix,
  );
}

function withLines(message: string, lines: string): string {
  return lines === '' ? message : `${message}\n${lines}`;
}

/** What a crash says of its cause; its stacks are for those who mend Node and drivers. */
function causes(errorOutput: string): string {
  const lines = stripVTControlCharacters(errorOutput)
    .split('\n')
    .filter((line) => /error|exception|terminate|abort|out of memory/i.test(line) && !/^ *\d+: 0x/.test(line));
  return [...new Set(lines)].slice(-3).join('\n');
}

export function exceededTime({ what, fix, limits }: TaskTraits): WorkerLost {
  return new WorkerLost(`${what} took longer than ${limits!.seconds} s and was ended.`, fix);
}

export function exceededMemory({ what, fix, limits }: TaskTraits, bytes: number): WorkerLost {
  const [used, allowed] = [bytes, limits!.memoryBytes!].map(formatMemory);
  return new WorkerLost(`${what} used ${used} of memory, more than the ${allowed} it may use, and was ended.`, fix);
}
