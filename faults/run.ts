import { chosen, readCommandLine } from '../bench/commandLine.ts';
import { circumstances, keepResult, resultsFile } from '../bench/results.ts';
import { table } from '../src/cli/output.ts';
import type { FaultLine, FaultPart } from './lines.ts';
import { parts } from './parts.ts';

/**
 * `npm run faults [-- PART … --short]`: what LossLab survives. Every line says how often something was tried, survived and
 * lost, and ends with 1 where anything was. The long form keeps its figures; `--short` is what the tests run.
 */
const { values, positionals } = readCommandLine('npm run faults [-- PART … --short]', {
  short: { type: 'boolean', default: false },
});
const registry: Readonly<Record<string, FaultPart>> = parts;
const names = Object.keys(registry);
let lost = 0;
for (const part of chosen('part', positionals, names)) {
  const started = performance.now();
  process.stderr.write(`${part}: ${registry[part]!.what}\n`);
  const begun = await circumstances();
  const keep = (lines: readonly FaultLine[]) => {
    const result = { part, ...begun, seconds: Math.round((performance.now() - started) / 1000), lines };
    if (!values.short) keepResult(resultsFile('faults'), result, names);
    return result;
  };
  const lines = await registry[part]!.run(values.short ? 'short' : 'long', keep);
  const result = keep(lines);
  console.log(`\n${part}: ${result.machine}, Node ${result.node}, commit ${result.commit}, ${result.seconds} s`);
  console.log(
    table(
      ['Tried', 'Times', 'Survived', 'Lost', 'Remarks'],
      lines.map(({ what, tried, survived, losses, remarks }) => [
        what,
        ...[tried, survived, losses.length].map((number) => number.toLocaleString('en')),
        remarks,
      ]),
    ),
  );
  for (const loss of lines.flatMap(({ losses }) => losses)) process.stderr.write(`lost: ${loss}\n`);
  lost += lines.reduce((sum, { losses }) => sum + losses.length, 0);
}
process.exit(lost > 0 ? 1 : 0);
