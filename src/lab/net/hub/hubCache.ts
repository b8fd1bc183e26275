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
 * The cache that the Hub's Python tools share, in their layout: `blobs` has contents, named by their checksum;
 * `snapshots/<commit>` the files of a commit as links to them; `refs/<revision>` the commit of a branch or tag;
 * `.no_exist/<commit>` empty files in place of those that the commit is known not to have.
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

  /** Commits with at least one file. */
  commits(): string[] {
    return foldersIn(join(this.folder, 'snapshots')).filter(isCommit);
  }

  /** The commit of a revision according to the cache; null if the cache does not know it. */
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

  /** `present` only if its content is there, too; `unknown`: it was never requested. */
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
      // Windows allows links only for some users, and some disks have no links.
      if (!['EPERM', 'ENOTSUP', 'ENOSYS', 'EINVAL'].includes(error.code ?? '')) throw error;
      await copyFile(this.blob(blob), fresh);
    });
    await rename(fresh, path);
  }

  /** Every file of a snapshot, with its content's path and size. Broken links are skipped. */
  files(commit: string): { readonly file: string; readonly content: string; readonly bytes: number }[] {
    const folder = this.snapshot(commit);
    return filesIn(folder).flatMap((file) => {
      const path = join(folder, file);
      if (!existsSync(path)) return [];
      const content = realpathSync(path);
      return [{ file, content, bytes: statSync(content).size }];
    });
  }

  /** Whether this or another program is downloading into it. */
  isBeingWritten(): boolean {
    const blobs = join(this.folder, 'blobs');
    return filesIn(blobs).some((name) => name.endsWith('.part.lock') && isHeld(join(blobs, name)));
  }

  /** Removes incomplete contents, except those of running downloads. */
  async removeParts(): Promise<void> {
    const blobs = join(this.folder, 'blobs');
    const parts = filesIn(blobs).filter((name) => name.endsWith('.part') && !isHeld(join(blobs, `${name}.lock`)));
    for (const name of parts)
      for (const ending of ['', '.json', '.lock']) await rm(join(blobs, name + ending), { force: true });
  }

  /** Removes a snapshot, the references to it, and the contents that no other snapshot has. */
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

/** Every repository of models with at least one file. */
export function cachedRepositories(cache: string): CachedRepository[] {
  const names = foldersIn(cache).flatMap((folder) => /^models--(.+)$/.exec(folder)?.[1] ?? []);
  // An owner's name never contains two dashes in a row, so the first two replace the slash.
  return names.map((name) => new CachedRepository(cache, name.replace('--', '/')));
}

/** The repository and commit of a snapshot's reference, if the cache knows the revision. */
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
