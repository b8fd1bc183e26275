import { Command } from 'commander';
import { resolve } from 'node:path';
import { exportTensorboard } from '../../lab/export/runs/tensorboard/exportTensorboard.ts';
import { exportTrec, type TrecExport } from '../../lab/export/runs/trec.ts';
import { openHome } from '../../lab/files/home.ts';
import { openStore } from '../../lab/store/runStore.ts';
import { LabError } from '../../shared/errors.ts';
import { formatAmount } from '../../shared/format.ts';
import { mlflowServer } from '../../lab/export/runs/mlflow/server.ts';
import { addMlflowOptions, sendAll, type MlflowOptions } from '../mlflow.ts';
import { print, type CommonOptions } from '../output.ts';
import { chosenRuns } from '../runs.ts';

interface Options extends CommonOptions, MlflowOptions {
  readonly trec?: string;
  readonly tensorboard?: string;
}

export function exportRunsCommand(): Command {
  const command = new Command('export-runs')
    .description('Export the results of runs for other programs.')
    .argument('[runs...]', 'run ids or unique prefixes (default: the runs of the newest experiment)')
    .option('--trec <folder>', 'write rankings of the test questions and judgements, for trec_eval')
    .option('--tensorboard <folder>', 'write event files, one sub-folder per run');
  return addMlflowOptions(
    command,
    'send metrics to this MLflow server; metrics that it already has are not sent again',
  ).action(run);
}

async function run(ids: string[], options: Options): Promise<void> {
  const { trec, tensorboard, mlflow } = options;
  if (trec === undefined && tensorboard === undefined && mlflow === undefined)
    throw new LabError(
      'usage',
      'The export target is missing.',
      'Give at least one of --trec, --tensorboard and --mlflow.',
    );
  const server = mlflow === undefined ? null : mlflowServer(mlflow);
  using store = openStore(openHome(options.home));
  const runs = chosenRuns(store, ids).map((id) => store.getRun(id));
  const exported = {
    ...(trec !== undefined && { trec: await exportTrec(store, runs, resolve(trec)) }),
    ...(tensorboard !== undefined && { tensorboard: await exportTensorboard(store, runs, resolve(tensorboard)) }),
    ...(server && { mlflow: await sendAll(store, runs, server, options) }),
  };
  print(options, exported, () =>
    [
      ...(exported.trec ? describeTrec(exported.trec) : []),
      ...(exported.tensorboard
        ? [
            `TensorBoard: ${formatAmount(runs.length, 'run')} in ${exported.tensorboard.folder}`,
            `  tensorboard --logdir ${exported.tensorboard.folder}`,
            ...exported.tensorboard.missing.map((reason) => `  ${reason}`),
          ]
        : []),
      ...(exported.mlflow
        ? [
            `MLflow: ${formatAmount(runs.length, 'run')} in the experiment "${exported.mlflow.experiment}" at ${exported.mlflow.address}`,
            ...exported.mlflow.leftOut.map((reason) => `  ${reason}`),
          ]
        : []),
    ].join('\n'),
  );
}

function describeTrec({ folder, questions, documents, differing, missing }: TrecExport): string[] {
  const changed = Object.entries(differing).filter(([, count]) => count > 0);
  return [
    `TREC: ${formatAmount(Object.keys(differing).length, 'run')} on ${formatAmount(questions, 'question')} against ${formatAmount(documents, 'answer')} in ${folder}`,
    `  trec_eval -M 10 -m recip_rank ${folder}/best.qrels ${folder}/${Object.keys(differing)[0]}.run`,
    ...changed.map(
      ([run, count]) =>
        `  ${run}: mrr@10 differs from the stored value for ${formatAmount(count, 'question')}; the run was trained on another device, or its encoder was changed`,
    ),
    ...missing.map((reason) => `  ${reason}`),
  ];
}
