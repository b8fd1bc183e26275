import { chosen, readCommandLine, refuse } from '../harness/commandLine.ts';
import { table } from '../../src/cli/output.ts';
import { fuzzAll } from './fuzzAll.ts';
import { targets } from './targets.ts';

/**
 * `npm run fuzz [-- TARGET …] [--count N] [--seed S]`: gives every parser mutated valid inputs and counts the results.
 * An input may be accepted, or refused with a message. Anything else is a defect, and the input is written to a file.
 * The same seed gives the same inputs.
 */
const { values, positionals } = readCommandLine('npm run fuzz [-- TARGET … --count N --seed S]', {
  count: { type: 'string', default: '100000' },
  seed: { type: 'string', default: '1' },
});

const named = chosen('target', positionals, Object.keys(targets));
const [count, seed] = [wholeNumber('count'), wholeNumber('seed')];

console.log(`Seed ${seed}, ${count.toLocaleString('en')} inputs for each of ${named.length} targets.`);
const rows = new Map<string, string[]>();
let failed = false;
await fuzzAll(named, { seed, from: 0, count }, (name, { tried, accepted, refused, failures, seconds }) => {
  for (const { kind, message, file } of failures.slice(0, 5))
    process.stderr.write(`${name}: ${kind}: ${message}\n  ${file}\n`);
  const of = (wanted: string): string => failures.filter(({ kind }) => kind === wanted).length.toLocaleString('en');
  const row = [
    name,
    ...[tried, accepted, refused].map((number) => number.toLocaleString('en')),
    of('crash'),
    of('hang'),
    of('wrong accept'),
    `${seconds.toFixed(0)} s`,
  ];
  rows.set(name, row);
  process.stderr.write(`${row.join('  ')}\n`);
  failed ||= failures.length > 0;
});
console.log(
  table(
    ['Target', 'Tried', 'Accepted', 'Refused', 'Crashes', 'Hangs', 'Wrong accepts', 'Time'],
    named.map((name) => rows.get(name)!),
  ),
);
process.exit(failed ? 1 : 0);

function wholeNumber(option: 'count' | 'seed'): number {
  const value = values[option];
  if (/^\d{1,9}$/.test(value)) return Number(value);
  return refuse(`--${option} is "${value}"; expected a whole number.`);
}
