import { importSource } from '../../data/archives/importSource.ts';
import { previewTable } from '../../data/preview.ts';
import type { Implementations, ServiceContext } from '../context.ts';
import { summarise } from './summary.ts';

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
            const dataset = await importSource({
              ...input,
              home: home.folder,
              signal,
              onProgress: ({ stage, ...progress }) => report({ message: stage, ...progress }),
            });
            context.notify({ type: 'datasets' });
            return summarise(input.name, dataset, store.listExperiments());
          },
        },
        connection,
      ),
  };
}
