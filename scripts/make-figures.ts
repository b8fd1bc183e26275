/**
 * Makes `tests/fixtures/figures-0.1.json`: the figures of the presets trained by LossLab 0.1, for
 * `tests/integration/sameFigures.test.ts`. Needed again only to compare other trainings.
 *
 * node scripts/make-figures.ts checks that version out, installs, runs, removes node scripts/make-figures.ts --from DIR
 * uses a checkout of that version that has its packages
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Run } from '../src/shared/history.ts';
import type * as commandLine from '../tests/helpers/commandLine.ts';
import { figuresOf, trainings, type KeptFigures } from '../tests/helpers/figures.ts';
import { processorKind } from '../tests/helpers/processor.ts';
import { oldCommit, openOldCheckout } from './oldCheckout.ts';

using old = openOldCheckout();
const home = join(old.work, 'home');
for (const training of trainings) old.losslabJson(home, ...training);
const read = await old.module<typeof commandLine>('tests/helpers/commandLine.ts');
const runs = old.losslabJson<Run[]>(home, 'runs').map((run) => figuresOf(home, run, read));
const kept: KeptFigures = { commit: oldCommit, processor: processorKind(), runs };
writeFileSync(join(import.meta.dirname, '../tests/fixtures/figures-0.1.json'), `${JSON.stringify(kept, null, 1)}\n`);
