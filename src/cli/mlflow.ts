import type { Command } from 'commander';
import { MlflowClient } from '../lab/export/runs/mlflow/client.ts';
import { LiveSender } from '../lab/export/runs/mlflow/liveSender.ts';
import { RunSender } from '../lab/export/runs/mlflow/sendRun.ts';
import { mlflowServer, type MlflowServer } from '../lab/export/runs/mlflow/server.ts';
import type { Store } from '../lab/store/runStore.ts';
import { describeError } from '../shared/errors.ts';
import type { Run } from '../shared/history.ts';
import { formatCount } from '../shared/format.ts';
import { type CommonOptions } from './output.ts';
import { Ticker } from './ticker.ts';

/** What the commands that send metrics to MLflow share. */
export interface MlflowOptions {
  readonly mlflow?: string;
  readonly mlflowExperiment: string;
}

export function addMlflowOptions(command: Command, description: string): Command {
  return command
    .option('--mlflow <url>', description)
    .option('--mlflow-experiment <name>', 'experiment on the MLflow server', 'LossLab');
}

/** For runs to be trained; null without --mlflow. */
export function liveSender(store: Store, { mlflow, mlflowExperiment }: MlflowOptions): LiveSender | null {
  if (mlflow === undefined) return null;
  const sender = new RunSender(store, new MlflowClient(mlflowServer(mlflow)), mlflowExperiment);
  return new LiveSender(sender, (error) => {
    process.stderr.write(
      `\n${describeError(error)}\nTraining continues without MLflow. "losslab export-runs --mlflow ${mlflow}" sends the rest later.\n`,
    );
  });
}

/** Sends runs one after the other; returns what the server has of each. */
export async function sendAll(
  store: Store,
  runs: readonly Run[],
  server: MlflowServer,
  options: MlflowOptions & CommonOptions,
): Promise<{ address: string; experiment: string; runs: Record<string, string> }> {
  const sender = new RunSender(store, new MlflowClient(server), options.mlflowExperiment);
  const ticker = new Ticker(options);
  const sent: Record<string, string> = {};
  try {
    for (const [i, { id }] of runs.entries()) {
      ticker.show(`MLflow: run ${formatCount(i + 1)} of ${formatCount(runs.length)}`);
      sent[id] = (await sender.send(id)).id;
    }
  } finally {
    ticker.end();
  }
  return { address: server.address, experiment: options.mlflowExperiment, runs: sent };
}
