import { LabError } from '../../shared/errors.ts';
import { importDataset } from '../data/importDataset.ts';
import type { ImportProgress } from '../data/importContext.ts';
import { previewTable } from '../data/preview.ts';
import type { Connection, Implementations, ServiceContext } from './context.ts';
import { summarise } from './datasetsSummary.ts';

const progressInterval = 100;
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
export function importMethods(context: ServiceContext): Implementations<'datasets.preview' | 'datasets.import' | 'datasets.cancelImport'> {
  const { home, store } = context;
  const imports = new Map<string, AbortController>();
  const cancel = (id: string): void => imports.get(id)?.abort(new LabError('usage', 'The import was cancelled; nothing of it is kept.'));
  return {
    'datasets.preview': (request) => previewTable(request),

    'datasets.import': async ({ import: id, request }, connection) => {
      if (imports.has(id)) throw new LabError('usage', `There is an import "${id}" already.`);
      const controller = new AbortController();
      imports.set(id, controller);
      connection.onClose(() => cancel(id));
      try {
        const dataset = await importDataset({ ...request, home: home.folder, signal: controller.signal, onProgress: reporter(id, connection) });
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

/** Tells how far an import is, ten times a second at most. */
function reporter(id: string, connection: Connection): (progress: ImportProgress) => void {
  let last = -Infinity;
  return ({ stage, bytesRead, bytesTotal }) => {
    const now = performance.now();
    if (now - last < progressInterval && bytesRead < bytesTotal) return;
    last = now;
    connection.notify({ type: 'importing', import: id, stage: stageNames[stage], done: bytesRead, total: bytesTotal });
  };
}
