import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { project } from '../packages/project.ts';

/** The packed commit, with `-dirty` if files differ from it; null if the sources are not a checkout. */
export function sourcesCommit(): string | null {
  if (!existsSync(join(project, '.git'))) return null;
  return execFileSync('git', ['describe', '--always', '--dirty', '--abbrev=7', '--exclude=*'], {
    cwd: project,
    encoding: 'utf8',
  }).trim();
}
