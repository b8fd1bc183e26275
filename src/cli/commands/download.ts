import { Command } from 'commander';
import type { DownloadRequest, DownloadView } from '../../shared/contract/downloads.ts';
import { LabError } from '../../shared/errors.ts';
import { formatBytes, formatCount } from '../../shared/format.ts';
import { findDataset } from '../../lab/data/findDataset.ts';
import { isHubReference } from '../../lab/net/hub/hubReference.ts';
import { describeEncoder } from '../../lab/encoders/pretrained.ts';
import { resolveEncoder } from '../../lab/encoders/hub/reference.ts';
import { sourceOf } from '../../lab/service/downloads/sources.ts';
import { openHome, type Home } from '../../lab/files/home.ts';
import { withTransferProgress } from '../downloading.ts';
import { print, type CommonOptions } from '../output.ts';
import { positiveInteger } from '../values.ts';
import { describeImported } from './import.ts';
import { findCredentials } from '../../lab/net/findCredentials.ts';

type Options = CommonOptions & Pick<DownloadRequest, 'name' | 'limit' | 'replace'>;

export function downloadCommand(): Command {
  return new Command('download')
    .description('Download and import a dataset from Kaggle, or download an encoder from the Hugging Face Hub.')
    .argument('<source>', 'kaggle:owner/name, kaggle:owner/name@version, hf:repository or hf:repository@revision')
    .option('--name <name>', 'name of the dataset (default: the last part of its source)')
    .option('--limit <n>', 'import only the first n usable questions of the dataset', positiveInteger)
    .option('--replace', 'replace a dataset with the same name')
    .addHelpText(
      'after',
      '\nRun the same command again to resume an interrupted download.\nCredentials are read from where the tools of Kaggle and the Hub keep them: see docs/data.md and docs/encoders.md.',
    )
    .action(run);
}

async function run(name: string, { home: folder, json = false, ...about }: Options): Promise<void> {
  const request: DownloadRequest = { source: name, ...about };
  const source = sourceOf(request);
  requireApplicable(request);
  const home = openHome(folder);
  await source.check(request, home);
  const result = await withTransferProgress({ json }, commandOf(request), (control) =>
    source.fetch(request, { ...control, home, credentials: findCredentials(source.service) }),
  );
  const { value, text } = await described(result, home);
  print({ json }, value, text);
}

function requireApplicable({ source, name, limit, replace }: DownloadRequest): void {
  const key = Object.entries({ name, limit, replace }).find(([, value]) => value !== undefined)?.[0];
  if (isHubReference(source) && key)
    throw new LabError('usage', `--${key} is an option for datasets; ${source} is an encoder.`, `Remove --${key}.`);
}

/** The command that resumes it. */
function commandOf({ source, name, limit, replace }: DownloadRequest): string {
  return [
    'losslab download',
    source,
    ...(name === undefined ? [] : [`--name ${name}`]),
    ...(limit === undefined ? [] : [`--limit ${limit}`]),
    ...(replace ? ['--replace'] : []),
  ].join(' ');
}

async function described(
  result: NonNullable<DownloadView['result']>,
  home: Home,
): Promise<{ value: unknown; text: () => string }> {
  if (result.kind === 'dataset') {
    const { folder, manifest } = await findDataset(home, result.name);
    return { value: { folder, manifest }, text: () => describeImported(folder, manifest) };
  }
  const value = describeEncoder(resolveEncoder(result.encoder).folder, result.encoder);
  const { encoder, architecture, layers, size, parameters, bytes: weights, folder } = value;
  return {
    value,
    text: () =>
      [
        `Encoder ${encoder}`,
        `  ${architecture}, ${layers} layers of ${size}, ${formatCount(parameters)} parameters, ${formatBytes(weights)}, checked`,
        `  in ${folder}`,
      ].join('\n'),
  };
}
