import type { ImportRequest } from '../../../shared/contract/datasets.ts';
import { LabError } from '../../../shared/errors.ts';
import { importArchive, type ArchiveProgress } from '../../data/archives/importArchive.ts';
import { importDataset, type ImportOptions } from '../../data/importDataset.ts';
import type { ImportProgress } from '../../data/importContext.ts';
import { previewTable } from '../../data/preview.ts';
import type { Connection, Implementations, ServiceContext } from '../context.ts';
import { summarise } from './summary.ts';

const progressInterval = 100;
const archiveStages: Record<ArchiveProgress['stage'], string> = {
  checking: 'Checking the archive',
  unpacking: 'Unpacking the archive',
  importing: 'Importing what was unpacked',
};
const stageNames: Record<ImportProgress['stage'], string> = {
  checking: 'Checking the files',
  posts: 'Reading the posts',
  rows: 'Reading the rows',
  documents: 'Reading the documents',
  queries: 'Reading the queries',
  answers: 'Reading the answers',
  questions: 'Reading the questions',
};

/** Imports of datasets, each under the id that its screen gave it; an import ends with its screen. */
export function importMethods(
  context: ServiceContext,
): Implementations<'datasets.preview' | 'datasets.import' | 'datasets.cancelImport'> {
  const { home, store } = context;
  const imports = new Map<string, AbortController>();
  const cancel = (id: string): void =>
    imports.get(id)?.abort(new LabError('usage', 'The import was cancelled; nothing of it is kept.'));
  return {
    'datasets.preview': (request) => previewTable(request),

    'datasets.import': async ({ import: id, request }, connection) => {
      if (imports.has(id)) throw new LabError('usage', `There is an import "${id}" already.`);
      const controller = new AbortController();
      imports.set(id, controller);
      connection.onClose(() => cancel(id));
      try {
        const dataset = await importFrom(
          request,
          { home: home.folder, signal: controller.signal },
          reporter(id, connection),
        );
        context.notify({ type: 'datasets' });
        return await summarise(request.name, dataset, store.listExperiments());
      } finally {
        imports.delete(id);
      }
    },

    'datasets.cancelImport': ({ import: id }) => {
      cancel(id);
      return null;
    },
  };
}

type Report = (stage: string, done: number, total: number) => void;

function importFrom(
  { source, ...request }: ImportRequest,
  options: Pick<ImportOptions, 'home' | 'signal'>,
  report: Report,
): ReturnType<typeof importDataset> {
  if (source.kind === 'archive')
    return importArchive({
      ...request,
      ...options,
      archive: source.file,
      onProgress: ({ stage, done, total }) => report(archiveStages[stage], done, total),
    });
  return importDataset({
    ...request,
    ...options,
    source,
    onProgress: ({ stage, bytesRead, bytesTotal }) => report(stageNames[stage], bytesRead, bytesTotal),
  });
}

/** Tells how far an import is, ten times a second at most. */
function reporter(id: string, connection: Connection): Report {
  let last = -Infinity;
  return (stage, done, total) => {
    const now = performance.now();
    if (now - last < progressInterval && done < total) return;
    last = now;
    connection.notify({ type: 'importing', import: id, stage, done, total });
  };
}
