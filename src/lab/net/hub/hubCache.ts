import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  type Dirent,
} from 'node:fs';
import { copyFile, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { writeAtomically } from '../../files/atomicFile.ts';
import { isCommit, type HubReference } from './hubReference.ts';
import { isHeld } from '../../files/writerLock.ts';

/**
 * The cache that the Hub's Python tools share, in their layout: `blobs` holds contents, named by what
 * they add up to; `snapshots/<commit>` the files of a commit as links to them; `refs/<revision>` the
 * commit that a branch or tag was at; `.no_exist/<commit>` empty files in place of those that the
 * commit is known not to have.
 */
export class CachedRepository {
  readonly repository: string;
  readonly folder: string;

  constructor(cache: string, repository: string) {
    this.repository = repository;
    this.folder = join(cache, `models--${repository.replace('/', '--')}`);
  }

  blob(name: string): string {
    return join(this.folder, 'blobs', name);
  }

  snapshot(commit: string): string {
    return join(this.folder, 'snapshots', commit);
  }

  /** Commits of which something is there. */
  commits(): string[] {
    return foldersIn(join(this.folder, 'snapshots')).filter(isCommit);
  }

  /** The commit that a revision stands for, as far as the cache knows; null where it does not. */
  commitOf(revision: string): string | null {
    if (isCommit(revision)) return revision;
    const file = join(this.folder, 'refs', revision);
    const commit = statSync(file, { throwIfNoEntry: false })?.isFile() ? readFileSync(file, 'utf8').trim() : '';
    return isCommit(commit) ? commit : null;
  }

  setRevision(revision: string, commit: string): void {
    if (isCommit(revision)) return;
    const file = join(this.folder, 'refs', revision);
    mkdirSync(dirname(file), { recursive: true });
    writeAtomically(file, [commit]);
  }

  /** `present` only where its content is there, too; `unknown`: nobody has looked yet. */
  stateOf(commit: string, file: string): 'present' | 'absent' | 'unknown' {
    if (existsSync(join(this.snapshot(commit), file))) return 'present';
    return existsSync(this.#absence(commit, file)) ? 'absent' : 'unknown';
  }

  async markAbsent(commit: string, file: string): Promise<void> {
    await mkdir(dirname(this.#absence(commit, file)), { recursive: true });
    await writeFile(this.#absence(commit, file), '');
  }

  /** Puts a blob into a snapshot under the file's name. */
  async link(commit: string, file: string, blob: string): Promise<void> {
    const path = join(this.snapshot(commit), file);
    const fresh = `${path}.${process.pid}.tmp`;
    await mkdir(dirname(path), { recursive: true });
    await rm(fresh, { force: true });
    await symlink(relative(dirname(path), this.blob(blob)), fresh).catch(async (error: NodeJS.ErrnoException) => {
      // Windows keeps links for some users only, and some disks have none.
      if (!['EPERM', 'ENOTSUP', 'ENOSYS', 'EINVAL'].includes(error.code ?? '')) throw error;
      await copyFile(this.blob(blob), fresh);
    });
    await rename(fresh, path);
  }

  /** Every file of a snapshot, with its content's path and size. Links that lead nowhere are left out. */
  files(commit: string): { readonly file: string; readonly content: string; readonly bytes: number }[] {
    const folder = this.snapshot(commit);
    return filesIn(folder).flatMap((file) => {
      const path = join(folder, file);
      if (!existsSync(path)) return [];
      const content = realpathSync(path);
      return [{ file, content, bytes: statSync(content).size }];
    });
  }

  /** Whether something is being downloaded into it, here or by another program. */
  isBeingWritten(): boolean {
    const blobs = join(this.folder, 'blobs');
    return filesIn(blobs).some((name) => name.endsWith('.part.lock') && isHeld(join(blobs, name)));
  }

  /** Forgets what has arrived of contents that are not whole, except for what is arriving now. */
  async removeParts(): Promise<void> {
    const blobs = join(this.folder, 'blobs');
    const parts = filesIn(blobs).filter((name) => name.endsWith('.part') && !isHeld(join(blobs, `${name}.lock`)));
    for (const name of parts)
      for (const ending of ['', '.json', '.lock']) await rm(join(blobs, name + ending), { force: true });
  }

  /** Takes away a snapshot, what points to it, and the contents that no other snapshot has. */
  async remove(commit: string): Promise<void> {
    const others = this.commits().filter((other) => other !== commit);
    if (others.length === 0) return rm(this.folder, { recursive: true, force: true });
    const kept = new Set(others.flatMap((other) => this.files(other).map(({ content }) => content)));
    const contents = this.files(commit).map(({ content }) => content);
    for (const revision of filesIn(join(this.folder, 'refs'))) {
      if (this.commitOf(revision) === commit) await rm(join(this.folder, 'refs', revision));
    }
    await rm(this.snapshot(commit), { recursive: true, force: true });
    await rm(join(this.folder, '.no_exist', commit), { recursive: true, force: true });
    for (const content of contents) if (!kept.has(content)) await rm(content, { force: true });
  }

  #absence(commit: string, file: string): string {
    return join(this.folder, '.no_exist', commit, file);
  }
}

/** Every repository of models of which something is there. */
export function cachedRepositories(cache: string): CachedRepository[] {
  const names = foldersIn(cache).flatMap((folder) => /^models--(.+)$/.exec(folder)?.[1] ?? []);
  // No owner's name holds two dashes in a row; the first two stand for the stroke.
  return names.map((name) => new CachedRepository(cache, name.replace('--', '/')));
}

/** The repository and commit of a snapshot's reference, where the cache knows the revision. */
export function cachedCommit(
  cache: string,
  { repository, revision }: HubReference,
): { readonly cached: CachedRepository; readonly commit: string } | null {
  const cached = new CachedRepository(cache, repository);
  const commit = cached.commitOf(revision);
  return commit === null ? null : { cached, commit };
}

function foldersIn(folder: string): string[] {
  return entriesIn(folder).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
}

/** Paths below `folder`; `/` between their parts. */
function filesIn(folder: string): string[] {
  return entriesIn(folder).flatMap(({ name }) => {
    const path = join(folder, name);
    return lstatSync(path).isDirectory() ? filesIn(path).map((file) => `${name}/${file}`) : [name];
  });
}

function entriesIn(folder: string): Dirent[] {
  return existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
}
