import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { requireScreens } from '../src/cli/screens.ts';
import { describeError } from '../src/shared/errors.ts';
import { copyPackage } from './packages/copyPackage.ts';
import { isLeftOut } from './packages/leftOut.ts';
import { writeLicences } from './packages/licences.ts';
import { builtInPackages, screenPackages } from './packages/packages.ts';
import { project } from './packages/project.ts';

/**
 * `npm pack` runs this first: it builds LossLab into `out/` and adds the packages that LossLab contains, with the
 * licences of all included code.
 */
const out = join(project, 'out');

async function prepare(): Promise<void> {
  await requireScreens((line) => void process.stderr.write(`${line}\n`));
  for (const part of ['node_modules', 'licences']) rmSync(join(out, part), { recursive: true, force: true });
  const packages = builtInPackages();
  for (const each of packages) copyPackage(each, out, isLeftOut);
  writeLicences([...packages, ...screenPackages()], join(out, 'licences'));
}

try {
  await prepare();
} catch (error) {
  process.stderr.write(`prepack: ${describeError(error)}\n`);
  process.exit(1);
}
