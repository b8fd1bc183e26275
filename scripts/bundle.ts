import { join } from 'node:path';
import { requireScreens } from '../src/cli/screens.ts';
import { describeError } from '../src/shared/errors.ts';
import { makeArchive, smallest } from './bundle/archive.ts';
import { project } from './packages/project.ts';

/**
 * `npm run bundle`: packs LossLab, Node and all native parts into one archive for Linux on x86-64, for servers without
 * Node or network. docs/bundle.md explains its use.
 */
const maximumBytes = 60_000_000;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function bundle(): Promise<number> {
  await requireScreens(say);
  say('Packing (takes minutes) …');
  const { file, bytes, needs } = await makeArchive(join(project, 'dist'), smallest);
  say(needs.trimEnd());
  say(`Written: ${file}, ${(bytes / 1e6).toFixed(1)} MB`);
  if (bytes <= maximumBytes) return 0;
  process.stderr.write(
    `bundle: the archive has ${bytes} bytes; the maximum is ${maximumBytes}. scripts/packages/leftOut.ts lists the excluded files.\n`,
  );
  return 1;
}

try {
  process.exit(await bundle());
} catch (error) {
  process.stderr.write(`bundle: ${describeError(error)}\n`);
  process.exit(1);
}
