import { Command, CommanderError } from 'commander';
import { basename } from 'node:path';
import { encoderNames, readAsOriginal, resolveConfiguration, type Configuration } from '../../shared/configuration.ts';
import { LabError } from '../../shared/errors.ts';
import { datasetOfPath } from '../../lab/data/datasetOfPath.ts';
import { findDataset, type FoundDataset } from '../../lab/data/findDataset.ts';
import { planRuns } from '../../lab/experiments/create.ts';
import { openHome } from '../../lab/files/home.ts';
import { openStore } from '../../lab/store/runStore.ts';
import { addMlflowOptions, sendingTo, type MlflowOptions } from '../mlflow.ts';
import { reportTrained } from '../comparison.ts';
import { readConfigurationFile } from '../configurationFile.ts';
import { configurationHelp } from '../configurationHelp.ts';
import { fetchMissingEncoders } from '../encoders.ts';
import { requireFinished, trainExperiment } from '../experiment.ts';
import { say, type CommonOptions } from '../output.ts';
import { appendSeed, assignment } from '../values.ts';

interface RunOptions {
  readonly config: readonly string[];
  readonly encoder?: string;
  readonly device?: string;
  readonly set?: Record<string, unknown>;
  readonly seeds?: readonly number[];
}

interface Options extends RunOptions, CommonOptions, MlflowOptions {
  readonly data?: string;
}

export function trainCommand(): Command {
  const command = new Command('train')
    .description('Train one run per configuration, under the same conditions, and compare them.')
    .requiredOption('--config <file...>', 'configuration files or preset names: one run each')
    .option('--data <name>', 'dataset to train on (default: data_path of the configuration)')
    .option(
      '--encoder <encoder>',
      `${encoderNames.join(', ')}, a folder with config.json and model.safetensors, or hf:repository`,
    )
    .option('--device <device>', 'cpu, webgpu or auto')
    .option(
      '--seeds <seed...>',
      'train each configuration with each of these seeds, all on one split (of split_seed, or else of the first seed)',
      appendSeed,
    )
    .option(
      '--set <key=value>',
      'set a configuration key in every run; can be repeated; --set help lists the keys',
      assignmentOrHelp,
    );
  return addMlflowOptions(command, 'send metrics to this MLflow server while training')
    .addHelpText(
      'after',
      '\n--set help lists the keys of a configuration; docs/configuration.md explains them.\nCtrl-C stops after a checkpoint; "losslab resume" continues from it.',
    )
    .action(run);
}

/** `--set help` prints the keys and ends, as `--help` does. */
function assignmentOrHelp(text: string, previous?: Record<string, unknown>): Record<string, unknown> {
  if (text !== 'help') return assignment(text, previous);
  process.stdout.write(configurationHelp());
  throw new CommanderError(0, 'commander.help', 'The keys of a configuration.');
}

/** The runs that the options ask for: one per configuration file and seed, file by file. `notify` gets what to tell the user. */
export function configurationsOf(
  { config, encoder, device, set, seeds }: RunOptions,
  notify: (notice: string) => void = () => undefined,
): Configuration[] {
  const overrides = { ...(encoder !== undefined && { encoder }), ...(device !== undefined && { device }), ...set };
  return config.flatMap((file) => {
    const { raw: written, notice } = readAsOriginal(readConfigurationFile(file), file);
    if (notice !== null && !('encoder' in overrides)) notify(notice);
    const raw = { name: basename(file, '.json'), ...written, ...overrides };
    return seeds
      ? seeds.map((seed) => resolveConfiguration({ split_seed: seeds[0], ...raw, seed }))
      : [resolveConfiguration(raw)];
  });
}

async function run(options: Options): Promise<void> {
  const named = configurationsOf(options, (notice) => say(options, notice));
  await fetchMissingEncoders(named, options);
  // --data replaces data_path: a resumed run must not read that.
  const planned = planRuns(
    options.data === undefined ? named : named.map((configuration) => ({ ...configuration, data_path: null })),
  );
  const home = openHome(options.home);
  const dataset =
    options.data === undefined
      ? await datasetOfConfiguration(planned[0], home, options)
      : await findDataset(home, options.data);
  using store = openStore(home);
  say(options, `Dataset: ${dataset.manifest.name} (${dataset.manifest.counts.questions} questions)`);
  const what = options.config.length === 1 ? planned[0].name : `${options.config.length} losses`;
  const sending = sendingTo(store, options);
  const runs = await trainExperiment(
    store,
    { name: `${what} on ${dataset.manifest.name}`, dataset, runs: planned },
    options,
    (run) => sending.recorded(run),
  );
  await reportTrained(
    store,
    runs.map(({ id }) => id),
    {},
    options,
  );
  say(options, `\nRuns: ${runs.map(({ id }) => id).join(' ')}`);
  // After the table: no server keeps it from being seen.
  await sending.finish();
  requireFinished(runs);
}

function datasetOfConfiguration(
  { data_path, force_regenerate }: Configuration,
  home: ReturnType<typeof openHome>,
  options: CommonOptions,
): Promise<FoundDataset> {
  if (data_path !== null)
    return datasetOfPath(home, data_path, force_regenerate, (name) =>
      say(options, `Importing ${data_path} as dataset ${name}`),
    );
  throw new LabError(
    'configuration',
    'The dataset is missing: the configuration has no data_path, and --data is not given.',
    'For example: --data sample. "losslab datasets" lists the datasets.',
  );
}
