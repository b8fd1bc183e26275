import { Command } from 'commander';
import { listAllDatasets } from '../../lab/data/findDataset.ts';
import { openHome } from '../../lab/files/home.ts';
import { print, table, type CommonOptions } from '../output.ts';
import { formatCount } from '../../shared/format.ts';

export function datasetsCommand(): Command {
  return new Command('datasets').description('List the datasets.').action(async (options: CommonOptions) => {
    const datasets = await listAllDatasets(openHome(options.home));
    print(options, datasets, () =>
      table(
        ['Dataset', '>Questions', '>Answers', '>With 2+', 'Source'],
        datasets.map((dataset) => {
          if (!('manifest' in dataset)) return [dataset.name, '', '', '', dataset.error.message];
          const { counts, source } = dataset.manifest;
          return [
            dataset.name,
            formatCount(counts.questions),
            formatCount(counts.answers),
            formatCount(counts.questionsWithTwoOrMore),
            source.kind,
          ];
        }),
      ),
    );
  });
}
