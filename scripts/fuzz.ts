import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { table } from '../src/cli/output.ts';
import { fuzz } from './fuzz/run.ts';
import { targets, type TargetName } from './fuzz/targets.ts';

/**
 * `npm run fuzz [-- TARGET …] [--count N] [--seed S]`: gives every parser inputs that were valid before
 * something changed them, and counts what becomes of them. An input may be accepted or refused in words;
 * anything else is a defect, and is written to a file. The same seed gives the same inputs.
 */
const { values, positionals } = parseArgs({ allowPositionals: true, options: { count: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' } } });

const names = Object.keys(targets) as TargetName[];
const unknown = positionals.find((name) => !names.includes(name as TargetName));
if (unknown !== undefined) leave(`There is no target "${unknown}". Targets: ${names.join(', ')}.`);
const chosen = positionals.length > 0 ? names.filter((name) => positionals.includes(name)) : names;
const [count, seed] = [wholeNumber('count'), wholeNumber('seed')];
const failureFolder = join(tmpdir(), 'losslab-fuzz');

console.log(`Seed ${seed}, ${count.toLocaleString('en')} inputs for each of ${chosen.length} targets.`);
const rows = new Map<TargetName, string[]>();
let failed = false;
const waiting = chosen.values();
await Promise.all(Array.from({ length: availableParallelism() }, fuzzNext));
console.log(table(['Target', 'Tried', 'Accepted', 'Refused', 'Crashes', 'Hangs', 'Wrong accepts', 'Time'], chosen.map((name) => rows.get(name)!)));
process.exit(failed ? 1 : 0);

/** One target after the other, while others take theirs from the same list. */
async function fuzzNext(): Promise<void> {
  for (const name of waiting) {
    const started = performance.now();
    const { tried, accepted, refused, failures } = await fuzz(name, { seed, count, failureFolder });
    for (const { kind, message, file } of failures.slice(0, 5)) process.stderr.write(`${name}: ${kind}: ${message}\n  ${file}\n`);
    const of = (wanted: string): string => failures.filter(({ kind }) => kind === wanted).length.toLocaleString('en');
    rows.set(name, [name, ...[tried, accepted, refused].map((number) => number.toLocaleString('en')), of('crash'), of('hang'), of('wrong accept'), `${((performance.now() - started) / 1000).toFixed(0)} s`]);
    process.stderr.write(`${rows.get(name)!.join('  ')}\n`);
    failed ||= failures.length > 0;
  }
}

function wholeNumber(option: 'count' | 'seed'): number {
  const value = values[option];
  if (/^\d{1,9}$/.test(value)) return Number(value);
  return leave(`--${option} is ${value}; expected a whole number.`);
}

function leave(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}
