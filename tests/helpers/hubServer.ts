import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileServer, type FileServer, type ServedFile } from './fileServer.ts';

/** A server that answers as the Hugging Face Hub does, with a storage of large files at another origin. */
export interface HubServer extends AsyncDisposable {
  readonly endpoint: string;
  readonly hub: FileServer;
  readonly storage: FileServer;
  /** Adds a commit, and points revisions to it; what is in `*.safetensors` lies in the storage. */
  add(
    repository: string,
    commit: string,
    files: Readonly<Record<string, Uint8Array | string>>,
    revisions?: readonly string[],
  ): void;
  /** The file of a commit as it is served, to put a fault into it. */
  stored(commit: string, file: string): ServedFile;
}

/** Commits to choose from. */
export const commitA = 'a'.repeat(40);
export const commitB = 'b'.repeat(40);

export async function hubServer(): Promise<HubServer> {
  const repositories = new Map<string, Set<string>>();
  const storage = await fileServer();
  const hub = await fileServer({}, (path) => {
    const [, repository = '', revision = ''] = /^\/(.+)\/resolve\/([^/]+(?:\/pr\/\d+)?)\//.exec(path) ?? [];
    const revisions = repositories.get(repository);
    // As the real one: whoever is not known is not told what there is.
    if (!revisions)
      return { code: 401, headers: { 'x-error-code': 'RepoNotFound', 'x-error-message': 'Repository not found' } };
    return { code: 404, headers: { 'x-error-code': revisions.has(revision) ? 'EntryNotFound' : 'RevisionNotFound' } };
  });
  return {
    endpoint: hub.origin,
    hub,
    storage,
    add(repository, commit, files, revisions = ['main']) {
      const known = repositories.get(repository) ?? new Set();
      repositories.set(repository, known);
      for (const revision of [commit, ...revisions]) known.add(revision);
      for (const [name, content] of Object.entries(files)) {
        const body = Buffer.from(content);
        const place = `/${commit}/${name}`;
        const isLarge = name.endsWith('.safetensors');
        if (isLarge) storage.files[place] = { body };
        const served: ServedFile = isLarge
          ? {
              body,
              redirect: `${storage.origin}${place}?X-Signature=QUERY`,
              headers: {
                'x-repo-commit': commit,
                'x-linked-etag': `"${sha256Of(body)}"`,
                'x-linked-size': String(body.length),
              },
            }
          : { body, etag: `"${gitHash(body)}"`, headers: { 'x-repo-commit': commit } };
        for (const revision of [commit, ...revisions]) hub.files[`/${repository}/resolve/${revision}/${name}`] = served;
      }
    },
    stored(commit, file) {
      const served =
        storage.files[`/${commit}/${file}`] ??
        Object.entries(hub.files).find(([path]) => path.endsWith(`/resolve/${commit}/${file}`))?.[1];
      if (!served) throw new Error(`${commit} has no ${file}`);
      return served;
    },
    async [Symbol.asyncDispose]() {
      await hub[Symbol.asyncDispose]();
      await storage[Symbol.asyncDispose]();
    },
  };
}

export function gitHash(body: Uint8Array): string {
  return createHash('sha1').update(`blob ${body.length}\0`).update(body).digest('hex');
}

export function sha256Of(body: Uint8Array): string {
  return createHash('sha256').update(body).digest('hex');
}

/** All files of a folder, and of those in it. */
export function filesOf(folder: string): Record<string, Buffer> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    names.map(({ parentPath, name }) => [
      join(parentPath, name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
      readFileSync(join(parentPath, name)),
    ]),
  );
}
