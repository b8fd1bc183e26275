import type { Command } from 'commander';
import { MlflowClient } from '../lab/export/runs/mlflow/client.ts';
import { LiveSender } from '../lab/export/runs/mlflow/liveSender.ts';
import { sendPending } from '../lab/export/runs/mlflow/resend.ts';
import { RunSender } from '../lab/export/runs/mlflow/sendRun.ts';
import { knownServer, mlflowServer, type MlflowServer } from '../lab/export/runs/mlflow/server.ts';
import type { Store } from '../lab/store/runStore.ts';
import { describeError, LabError } from '../shared/errors.ts';
import type { Run } from '../shared/history.ts';
import { formatAmount, formatCount } from '../shared/format.ts';
import { printable } from '../shared/printable.ts';
import { type CommonOptions } from './output.ts';
import { Ticker } from './ticker.ts';

/** What the commands that send metrics to MLflow share. */
export interface MlflowOptions {
  /** True for the address in MLFLOW_TRACKING_URI. */
  readonly mlflow?: string | true;
  readonly mlflowExperiment: string;
}

export function addMlflowOptions(command: Command, description: string): Command {
  return command
    .option('--mlflow [url]', `${description}; without an address, that of MLFLOW_TRACKING_URI`)
    .option(
      '--mlflow-experiment <name>',
      'experiment on the MLflow server',
      process.env.MLFLOW_EXPERIMENT_NAME || 'LossLab',
    );
}

/** Sends runs to servers while they are trained. */
export interface Sending {
  /** Records of the run were stored. */
  recorded(run: string): void;
  /** Sends the rest, for as long as the servers answer, and reports what was not sent. */
  finish(): Promise<void>;
}

/** To the server that --mlflow names; to none without it. Throws as `mlflowServer` does. */
export function sendingTo(store: Store, { mlflow, mlflowExperiment }: MlflowOptions): Sending {
  return sending(store, mlflow === undefined ? [] : [[mlflowServer(mlflow), mlflowExperiment]]);
}

/** As `sendingTo`; without --mlflow to the servers that a resumed run was sent to before. */
export function sendingOn(store: Store, run: Run, options: MlflowOptions): Sending {
  if (options.mlflow !== undefined) return sendingTo(store, options);
  return sending(
    store,
    store.sendTargets(run.id).map(({ address, experiment }) => [knownServer(address), experiment]),
  );
}

function sending(store: Store, targets: readonly (readonly [MlflowServer, string])[]): Sending {
  const senders = targets.map(([server, experiment]) => {
    const giveUp = new AbortController();
    const sender = new RunSender(store, new MlflowClient(server, undefined, giveUp.signal), experiment);
    return {
      server,
      live: new LiveSender(sender, giveUp, (error) =>
        warn(`${describeError(error)}\nThe runs do not need MLflow: LossLab keeps their metrics and sends them later.`),
      ),
    };
  });
  return {
    recorded: (run) => senders.forEach(({ live }) => live.recorded(run)),
    async finish() {
      for (const { server, live } of senders) {
        const { unsent, leftOut } = await live.finish();
        for (const reason of leftOut) warn(`MLflow at ${server.address}: ${reason}`);
        if (unsent.length > 0) warn(notSent(server.address, unsent));
      }
    },
  };
}

/** Sends runs one after the other; returns their ids on the server. Throws a LabError that says how the rest is sent later. */
export async function sendAll(
  store: Store,
  runs: readonly Run[],
  server: MlflowServer,
  options: MlflowOptions & CommonOptions,
): Promise<{ address: string; experiment: string; runs: Record<string, string>; leftOut: readonly string[] }> {
  const sender = new RunSender(store, new MlflowClient(server), options.mlflowExperiment);
  const ticker = new Ticker(options);
  const ids = runs.map(({ id }) => id);
  try {
    const leftOut = await sender.sendCompletely(ids, (id) =>
      ticker.show(`MLflow: run ${formatCount(ids.indexOf(id) + 1)} of ${formatCount(ids.length)}`),
    );
    const remotes = Object.fromEntries(ids.map((id) => [id, sender.remoteId(id)]));
    return { address: server.address, experiment: options.mlflowExperiment, runs: remotes, leftOut };
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    throw new LabError(error.code, error.message, `${error.fix}\n${notSent(server.address, ids)}`, { cause: error });
  } finally {
    ticker.end();
  }
}

/** After a command: sends what servers have not received of earlier ones. */
export async function sendUnsent(store: Store): Promise<void> {
  for (const { address, runs, failure } of await sendPending(store)) {
    const amount = formatAmount(runs.length, 'run');
    warn(
      failure
        ? `${failure.message} ${notSent(address, runs)}`
        : `MLflow at ${address} has received ${amount} that it did not have yet.`,
    );
  }
}

function notSent(address: string, runs: readonly string[]): string {
  return `Not everything of ${formatAmount(runs.length, 'run')} has been sent. A later command of LossLab, or the app, sends the rest by itself; "losslab export-runs ${runs.join(' ')} --mlflow ${address}" sends it now.`;
}

/** Results go to the standard output. */
function warn(text: string): void {
  process.stderr.write(`${printable(text)}\n`);
}
