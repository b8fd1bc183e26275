import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Notification } from '../../src/shared/contract/contract.ts';
import type { ExperimentDraft } from '../../src/shared/contract/experiments.ts';
import type { LabClient } from '../../src/shared/contract/contract.ts';
import type { TrainerEvent } from '../../src/shared/events.ts';
import type { Home } from '../../src/lab/files/home.ts';
import { createLabService, type LabService } from '../../src/lab/service/service.ts';
import type { TrainingJob } from '../../src/lab/training/job.ts';
import type { MessageFromTrainer, MessageToTrainer } from '../../src/lab/experiments/messages.ts';
import type { LaunchedProcess, ProcessLauncher } from '../../src/lab/work/processes.ts';
import { eventually } from './commandLine.ts';
import { evaluationEvent, startedEvent, stepEvent, temporaryHome } from './syntheticStore.ts';

/** A training process that says what a test tells it to, and keeps what it was told. */
export class ScriptedTrainer implements LaunchedProcess {
  readonly pid = 0;
  readonly received: MessageToTrainer['type'][] = [];
  private job: TrainingJob | null = null;
  private onMessageListener: (message: unknown) => void = () => undefined;
  private onExitListener: (exit: { code: number | null; killed: boolean }) => void = () => undefined;

  get run(): string {
    return this.job!.run;
  }

  get jobGiven(): TrainingJob {
    return this.job!;
  }

  // --- As the lab sees it -----------------------------------------------------------------------

  send(message: MessageToTrainer): void {
    this.received.push(message.type);
    if (message.type === 'start') this.job = message.job;
    // As the real one: a checkpoint, and an end.
    if (message.type === 'stop') queueMicrotask(() => this.end({ type: 'stopped', run: this.run, step: 1 }));
  }

  onMessage(listener: (message: unknown) => void): void {
    this.onMessageListener = listener;
  }

  onErrorOutput(): void {}

  onExit(listener: (exit: { code: number | null; killed: boolean }) => void): void {
    this.onExitListener = listener;
  }

  kill(): void {
    this.onExitListener({ code: null, killed: true });
  }

  // --- As the test tells it ---------------------------------------------------------------------

  say(...events: readonly TrainerEvent[]): void {
    for (const event of events) this.post({ type: 'event', event });
  }

  post(message: MessageFromTrainer): void {
    this.onMessageListener(message);
  }

  end(event: TrainerEvent): void {
    this.say(event);
    this.onExitListener({ code: 0, killed: false });
  }

  /** The run in one go, with as many steps. */
  finish(steps = 2): void {
    const run = this.run;
    this.say(startedEvent(run, { steps }), evaluationEvent(run, 0, 0.4));
    for (let step = 1; step <= steps; step++) this.say(stepEvent(run, step));
    this.say(evaluationEvent(run, steps, 0.5));
    this.end({
      type: 'finished',
      run,
      step: steps,
      training_seconds: 0.05 * steps,
      encoder: join('/runs', run),
      peak_memory_bytes: 1e8,
    });
  }
}

export class ScriptedLauncher implements ProcessLauncher {
  readonly trainers: ScriptedTrainer[] = [];

  launch(): LaunchedProcess {
    const trainer = new ScriptedTrainer();
    this.trainers.push(trainer);
    return trainer;
  }

  /** The nth that was launched, once it is. */
  trainer(index: number): Promise<ScriptedTrainer> {
    return eventually(`trainer ${index}`, () => this.trainers[index], 5000);
  }
}

/** A lab whose training follows a script. */
export function scriptedLab(home: Home = temporaryHome()): {
  home: Home;
  launcher: ScriptedLauncher;
  service: LabService;
  screen: TestScreen;
} {
  const launcher = new ScriptedLauncher();
  const service = createLabService({ home, launcher });
  onTestFinished(() => service.close());
  return { home, launcher, service, screen: connectScreen(service) };
}

export interface TestScreen extends LabClient {
  readonly notifications: Notification[];
  close(): void;
}

export function connectScreen(service: LabService): TestScreen {
  const notifications: Notification[] = [];
  const connection = service.connect((notification) => notifications.push(notification));
  // What a carrier does: the answer has the type that the contract gives it.
  const call = ((method: string, input: unknown) => connection.call(method, input)) as LabClient['call'];
  return { notifications, call, close: () => connection.close() };
}

/** An experiment on the sample; a run for each name. */
export function draftOf(names: readonly string[], shared: ExperimentDraft['shared'] = {}): ExperimentDraft {
  return {
    name: `Runs ${names.join(', ')}`,
    dataset: 'sample',
    shared: { device: 'cpu', ...shared },
    recipes: names.map((name, index) => ({ name, loss_type: 'infonce', temperature: 0.05 * (index + 1) })),
    seeds: [1],
  };
}
