import { chosen, readCommandLine } from '../harness/commandLine.ts';
import { runPart } from '../harness/runPart.ts';
import type { FaultPart } from './lines.ts';
import { parts } from './parts.ts';

/**
 * `npm run faults [-- PART … --short]`: tests which failures LossLab survives. Every line says how often something was
 * tried, survived and lost. Exits with 1 if anything was lost. The long form stores its figures; `--short` is for
 * tests.
 */
const { values, positionals } = readCommandLine('npm run faults [-- PART … --short]', {
  short: { type: 'boolean', default: false },
});
const registry: Readonly<Record<string, FaultPart>> = parts;
const names = Object.keys(registry);
let lost = 0;
for (const name of chosen('part', positionals, names)) {
  const lines = await runPart(name, registry[name]!, values.short ? 'short' : 'long', {
    headings: ['Tried', 'Times', 'Survived', 'Lost', 'Remarks'],
    cells: ({ what, tried, survived, losses, remarks }) => [
      what,
      ...[tried, survived, losses.length].map((number) => number.toLocaleString('en')),
      remarks,
    ],
    rows: 'lines',
    file: values.short ? null : 'faults',
    order: names,
  });
  for (const loss of lines.flatMap(({ losses }) => losses)) process.stderr.write(`lost: ${loss}\n`);
  lost += lines.reduce((sum, { losses }) => sum + losses.length, 0);
}
process.exit(lost > 0 ? 1 : 0);
