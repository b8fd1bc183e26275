import { Command } from 'commander';
import { resolve } from 'node:path';
import { LabError } from '../../shared/errors.ts';
import { formatAmount } from '../../shared/format.ts';
import { streamQuestions } from '../../lab/data/datasetFolder.ts';
import { exportJson } from '../../lab/data/exportJson.ts';
import { findDataset } from '../../lab/data/findDataset.ts';
import { openHome } from '../../lab/files/home.ts';
import { print } from '../output.ts';
import { addJsonOption } from '../values.ts';

export function exportDatasetCommand(): Command {
  const command = new Command('export-dataset')
    .description('Write a dataset as ranked_qa.json, the format of the original script.')
    .argument('<name>', 'the dataset');
  const json = addJsonOption(command, 'file to write; without a file, print the result as JSON');
  return command.action(async (name: string, { home }: { home?: string }) => {
    if (json.file === undefined)
      throw new LabError(
        'usage',
        'The output file is missing.',
        `For example: losslab export-dataset ${name} --json ranked_qa.json`,
      );
    const { folder, manifest } = await findDataset(openHome(home), name);
    const file = resolve(json.file);
    const questions = await exportJson(streamQuestions(folder, manifest), file, {
      attribution: manifest.attribution,
      licence: manifest.licence,
    });
    print(
      { json: json.machine },
      { file, questions },
      () => `${formatAmount(questions, 'question')} written to ${file}`,
    );
  });
}
