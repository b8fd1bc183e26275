import type { ImportRequest } from '../../../shared/contract/datasets.ts';
import { importArchive, type ArchiveProgress } from '../../data/archives/importArchive.ts';
import { importDataset, type ImportOptions } from '../../data/importDataset.ts';
import type { ImportProgress } from '../../data/importContext.ts';
import { previewTable } from '../../data/preview.ts';
import type { Implementations, ServiceContext } from '../context.ts';
import { summarise } from './summary.ts';

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

export function importMethods(context: ServiceContext): Implementations<'datasets.preview' | 'datasets.import'> {
  const { home, store, jobs } = context;
  return {
    'datasets.preview': (request) => previewTable(request),

    'datasets.import': (input, connection) =>
      jobs.run(
        {
          method: 'datasets.import',
          input,
          title: `The import of "${input.name}"`,
          work: async ({ signal, report }) => {
            const dataset = await importFrom(input, { home: home.folder, signal }, (message, done, total) =>
              report({ message, done, total }),
            );
            context.notify({ type: 'datasets' });
            return summarise(input.name, dataset, store.listExperiments());
          },
        },
        connection,
      ),
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
