import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createLabService } from '../../../src/lab/service/service.ts';
import { toFailure } from '../../../src/lab/work/failure.ts';
import type { WorkerLauncher } from '../../../src/lab/work/workers.ts';
import { filesOf, sha256Of } from '../../../tests/helpers/hubServer.ts';
import { calls } from '../../fuzz/targets/calls.ts';
import { lineOf, type FaultLine } from '../lines.ts';
import { names } from './hostileTexts.ts';
import type { MaliciousHome } from './maliciousHome.ts';

/** A compromised screen that calls every method with hostile input. */

const wrongTypes: readonly unknown[] = [
  null,
  undefined,
  true,
  0,
  -1,
  1.5,
  1e308,
  NaN,
  Infinity,
  -Infinity,
  2 ** 53,
  10n,
  [],
  {},
  [[]],
  [null],
  new Float64Array(3),
  new Date(NaN),
  new Map(),
  JSON.parse('{"__proto__":{"polluted":true}}'),
  JSON.parse('{"constructor":{"prototype":{"polluted":true}}}'),
  Array.from({ length: 100_000 }, () => 'x'),
];

interface Call {
  readonly method: string;
  readonly input: unknown;
  readonly what: string;
}

/** Replaces every value of every method's input with every hostile value, one at a time. */
function hostileCalls({ experiment, runs }: MaliciousHome): Call[] {
  return Object.entries(calls).flatMap(([method, inputs]) =>
    inputs.flatMap((input) => {
      const real = withRealIds(input, experiment, runs);
      return placesIn(real).flatMap((place) =>
        [...names, ...wrongTypes].map((value, i) => ({
          method,
          input: replaced(real, place, value),
          what: `${method} with value ${i} at ${place.join('.') || 'its top'}`,
        })),
      );
    }),
  );
}

/** With only one wrong value, a call gets as far as possible. */
function withRealIds(value: unknown, experiment: string, runs: readonly string[]): unknown {
  return JSON.parse(JSON.stringify(value), (key, found: unknown) => {
    if (key === 'runs') return runs.slice(0, 2);
    if (key === 'run') return runs[0];
    return key === 'id' ? experiment : found;
  });
}

type Place = readonly (string | number)[];

function placesIn(value: unknown, at: Place = []): Place[] {
  const inside =
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, found]) =>
          placesIn(found, [...at, Array.isArray(value) ? Number(key) : key]),
        )
      : [];
  return [at, ...inside];
}

function replaced(value: unknown, [key, ...rest]: Place, by: unknown): unknown {
  if (key === undefined) return by;
  if (Array.isArray(value)) return value.map((each: unknown, i) => (i === key ? replaced(each, rest, by) : each));
  return { ...(value as object), [key]: replaced((value as Record<string, unknown>)[key], rest, by) };
}

/** Training and searching end at once: they are not attacked here. */
const noProcesses: WorkerLauncher = {
  launch: () => ({
    send: () => undefined,
    onMessage: () => undefined,
    onErrorOutput: () => undefined,
    onExit: (listener) => void setImmediate(() => listener({ code: null, killed: true })),
    kill: () => undefined,
    pid: undefined,
  }),
};

/** One of this many calls is made. */
export async function contractLine(malicious: MaliciousHome, oneOf: number): Promise<FaultLine> {
  const outside = dirname(malicious.home.folder);
  const victim = join(outside, 'victim');
  mkdirSync(victim, { recursive: true });
  writeFileSync(join(victim, 'data.csv'), 'a,b\n');
  const before = contentOf(outside);
  const service = createLabService({ home: malicious.home, launcher: noProcesses });
  const screen = service.connect(() => undefined);
  const outcomes: (string | null)[] = [];
  try {
    for (const { method, input, what } of hostileCalls(malicious).filter((_, i) => i % oneOf === 0)) {
      const failure = await screen.call(method, input).then(() => null, toFailure);
      outcomes.push(
        failure?.code === 'internal'
          ? `${what}: ${failure.message}`
          : ((failure && unclear(failure.message, what)) ??
              (polluted() ? `${what}: changed the prototype of all objects` : null)),
      );
    }
    const answers = await screen.call('lab.describe', {}).then(
      () => null,
      (error: Error) => `the lab does not answer any more: ${error.message}`,
    );
    outcomes.push(
      answers,
      contentOf(outside) === before
        ? null
        : `files outside of the home were changed: ${readdirSync(outside).join(', ')}`,
    );
  } finally {
    screen.close();
    await service.close();
  }
  return lineOf('calls of every method with hostile values', outcomes);
}

function unclear(message: string, what: string): string | null {
  return message.trim() === '' || /\[object |is not a function|Cannot read prop/.test(message)
    ? `${what}: is refused with an unclear message: ${message}`
    : null;
}

function polluted(): boolean {
  return 'polluted' in {};
}

/** A hash of everything beside the home folder. */
function contentOf(folder: string): string {
  return JSON.stringify(
    Object.entries(filesOf(folder))
      .filter(([name]) => !name.startsWith('home/'))
      .map(([name, bytes]) => [name, sha256Of(bytes)])
      .sort(),
  );
}
