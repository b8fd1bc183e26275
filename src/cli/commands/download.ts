import { Command } from 'commander';
import { LabError } from '../../shared/errors.ts';
import { downloadEncoder, type DownloadedEncoder } from '../../lab/downloads/hub.ts';
import { isHubReference } from '../../lab/downloads/hubReference.ts';
import { withTransferProgress } from '../downloading.ts';
import { print, type CommonOptions } from '../output.ts';
import { bytes } from '../transferProgress.ts';

export function downloadCommand(): Command {
  return new Command('download')
    .description('Download an encoder from the Hugging Face Hub.')
    .argument('<source>', 'hf:repository or hf:repository@revision')
    .addHelpText('after', '\nWhat a cut or Ctrl-C leaves behind is gone on with by the same command.\nEncoders go into the cache of the Hub\'s Python tools (HF_HOME); HF_TOKEN is for private repositories.')
    .action(run);
}

async function run(source: string, options: CommonOptions): Promise<void> {
  if (!isHubReference(source)) throw new LabError('usage', `"${source}" is no source; expected hf:repository.`, 'For example: losslab download hf:distilbert-base-uncased');
  const downloaded = await withTransferProgress(options, `losslab download ${source}`, (control) => downloadEncoder(source, control));
  print(options, downloaded, () => describe(source, downloaded));
}

function describe(source: string, { encoder, folder, bytes: size }: DownloadedEncoder): string {
  return [`${encoder}: ${bytes(size)}, checked`, `  in ${folder}`, `Train on it with: losslab train --encoder ${source} …`].join('\n');
}
