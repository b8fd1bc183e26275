import { Command } from 'commander';
import { basename } from 'node:path';
import { encoderNames, resolveConfiguration, type Configuration } from '../../shared/configuration.ts';
import { LabError } from '../../shared/errors.ts';
import { findDataset, type FoundDataset } from '../../lab/data/findDataset.ts';
import { openHome } from '../../lab/store/home.ts';
import { openStore } from '../../lab/store/runStore.ts';
import { reportComparison } from '../comparison.ts';
import { readConfigurationFile } from '../configurationFile.ts';
import { datasetOfPath } from '../dataset.ts';
import { requireFinished, trainExperiment } from '../experiment.ts';
import { say, type CommonOptions } from '../output.ts';
import { assignment } from '../values.ts';

interface Options extends CommonOptions {
  readonly config: string[];
  readonly data?: string;
  readonly encoder?: string;
  readonly device?: string;
  readonly set?: Record<string, unknown>;
}

export function trainCommand(): Command {
  return new Command('train')
    .description('Train one run per configuration, under the same conditions, and compare them.')
    .requiredOption('--config <file...>', 'configuration files, or names of presets (configs/): one run each')
    .option('--data <name>', 'dataset to train on (default: data_path of the configuration)')
    .option('--encoder <encoder>', `${encoderNames.join(', ')}, or a folder with config.json and model.safetensors`)
    .option('--device <device>', 'cpu, webgpu or auto')
    .option('--set <key=value>', 'set a configuration key in every run; may be repeated', assignment)
    .addHelpText('after', '\nThe keys of a configuration are in docs/configuration.md.\nCtrl-C stops after a checkpoint; "losslab resume" goes on from there.')
    .action(run);
}

async function run(options: Options): Promise<void> {
  const overrides = {
    ...(options.encoder !== undefined && { encoder: options.encoder }),
    ...(options.device !== undefined && { device: options.device }),
    ...options.set,
  };
  const configurations = options.config.map((file) => resolveConfiguration({ name: basename(file, '.json'), ...readConfigurationFile(file), ...overrides }));
  requireSameConditions(configurations);
  const home = openHome(options.home);
  const dataset = options.data === undefined ? await datasetOfConfiguration(configurations[0]!, home, options) : await findDataset(home, options.data);
  using store = openStore(home);
  say(options, `Dataset: ${dataset.manifest.name} (${dataset.manifest.counts.questions} questions)`);
  const runs = await trainExperiment(store, `${configurations.length === 1 ? configurations[0]!.name : `${configurations.length} losses`} on ${dataset.manifest.name}`, dataset, configurations, options);
  await reportComparison(store, runs.map(({ id }) => id), {}, options);
  say(options, `\nRuns: ${runs.map(({ id }) => id).join(' ')}`);
  requireFinished(runs);
}

function datasetOfConfiguration({ data_path, force_regenerate }: Configuration, home: ReturnType<typeof openHome>, options: CommonOptions): Promise<FoundDataset> {
  if (data_path !== null) return datasetOfPath(home, data_path, force_regenerate, options);
  throw new LabError('configuration', 'No dataset is named: the configuration has no data_path, and --data is not given.', 'For example: --data sample. "losslab datasets" lists what there is.');
}

/** What one experiment shares; runs that differ in more are trained by commands of their own. */
function requireSameConditions(configurations: readonly Configuration[]): void {
  const shared = (configuration: Configuration): Record<string, unknown> => ({
    data_path: configuration.data_path,
    limit: configuration.limit,
    test_size: configuration.test_size,
    seed: configuration.seed,
    encoder: configuration.encoder,
    device: configuration.training.device,
    batch_size: configuration.training.batch_size,
    epochs: configuration.training.epochs,
  });
  const first = shared(configurations[0]!);
  for (const configuration of configurations.slice(1)) {
    const other = shared(configuration);
    const key = Object.keys(first).find((name) => JSON.stringify(first[name]) !== JSON.stringify(other[name]));
    if (key === undefined) continue;
    throw new LabError('configuration', `"${configurations[0]!.name}" and "${configuration.name}" differ in ${key}: the runs of one experiment share data, encoder and budget.`, `Give both the same with --set ${key}=…, or train them with separate commands.`);
  }
}
