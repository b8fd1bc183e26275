import { join } from 'node:path';
import { requireScreens } from '../src/cli/screens.ts';
import { describeError } from '../src/shared/errors.ts';
import { makeArchive, smallest } from './bundle/archive.ts';
import { project } from './packages/project.ts';

/**
 * `npm run bundle`: LossLab, Node and all native parts in one archive for Linux on x86-64, for servers
 * that have neither Node nor a network. docs/bundle.md is about its use.
 */
const maximumBytes = 60_000_000;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function bundle(): Promise<number> {
  await requireScreens(say);
  say('Packing, which takes minutes …');
  const { file, bytes, needs } = await makeArchive(join(project, 'dist'), smallest);
  say(needs.trimEnd());
  say(`Written: ${file}, ${(bytes / 1e6).toFixed(1)} MB`);
  if (bytes <= maximumBytes) return 0;
  process.stderr.write(
    `bundle: ${bytes} bytes are more than the ${maximumBytes} it may have. scripts/packages/leftOut.ts says what is left out.\n`,
  );
  return 1;
}

try {
  process.exit(await bundle());
} catch (error) {
  process.stderr.write(`bundle: ${describeError(error)}\n`);
  process.exit(1);
}
