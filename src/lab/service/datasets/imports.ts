import { LabError } from '../../../shared/errors.ts';
import { importSource, type SourceProgress } from '../../data/archives/importSource.ts';
import { previewTable } from '../../data/preview.ts';
import type { Connection, Implementations, ServiceContext } from '../context.ts';
import { summarise } from './summary.ts';

/** Milliseconds. */
const progressInterval = 100;

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
        const dataset = await importSource({
          ...request,
          home: home.folder,
          signal: controller.signal,
          onProgress: reporter(id, connection),
        });
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

/** Reports how far an import is, at most ten times a second. */
function reporter(id: string, connection: Connection): (progress: SourceProgress) => void {
  let last = -Infinity;
  return ({ stage, done, total }) => {
    const now = performance.now();
    if (now - last < progressInterval && done < total) return;
    last = now;
    connection.notify({ type: 'importing', import: id, stage, done, total });
  };
}
