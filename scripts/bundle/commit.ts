import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { project } from '../packages/project.ts';

/** The commit that is packed, with `-dirty` where files differ from it; null where the sources are no checkout. */
export function sourcesCommit(): string | null {
  if (!existsSync(join(project, '.git'))) return null;
  return execFileSync('git', ['describe', '--always', '--dirty', '--abbrev=7', '--exclude=*'], {
    cwd: project,
    encoding: 'utf8',
  }).trim();
}
