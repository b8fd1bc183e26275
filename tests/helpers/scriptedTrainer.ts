import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Notification } from '../../src/shared/contract/contract.ts';
import type { ExperimentDraft } from '../../src/shared/contract/experiments.ts';
import type { LabClient } from '../../src/shared/contract/contract.ts';
import type { TrainerEvent } from '../../src/shared/events.ts';
import type { Home } from '../../src/lab/files/home.ts';
import { createLabService, type LabService } from '../../src/lab/service/service.ts';
import type { TrainingJob } from '../../src/lab/training/job.ts';
import type { TrainInput, TrainOrder } from '../../src/lab/training/trainTask.ts';
import type { ToWorker } from '../../src/lab/work/protocol.ts';
import { ScriptedWorker, ScriptedWorkers } from './scriptedWorker.ts';
import { evaluationEvent, startedEvent, stepEvent, temporaryHome } from './syntheticStore.ts';

/** A training process that says what a test tells it to, and keeps what it was told. */
export class ScriptedTrainer extends ScriptedWorker {
  get received(): ('start' | TrainOrder)[] {
    return this.messages.flatMap((message) => {
      if (message.type === 'run') return 'start';
      return message.type === 'order' ? (message.order as TrainOrder) : [];
    });
  }

  get run(): string {
    return this.jobGiven.run;
  }

  get jobGiven(): TrainingJob {
    return (this.input as TrainInput).job;
  }

  override send(message: ToWorker): void {
    super.send(message);
    // As the real one: a checkpoint, and an end.
    if (message.type === 'order' && message.order === 'stop')
      queueMicrotask(() => this.end({ type: 'stopped', run: this.run, step: 1 }));
  }

  tell(...events: readonly TrainerEvent[]): void {
    for (const event of events) this.emit(event);
  }

  end(event: TrainerEvent): void {
    this.tell(event);
    this.result(undefined);
  }

  /** The run in one go, with as many steps. */
  finish(steps = 2): void {
    const run = this.run;
    this.tell(startedEvent(run, { steps }), evaluationEvent(run, 0, 0.4));
    for (let step = 1; step <= steps; step++) this.tell(stepEvent(run, step));
    this.tell(evaluationEvent(run, steps, 0.5));
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

export class ScriptedLauncher extends ScriptedWorkers<ScriptedTrainer> {
  constructor() {
    super((name, options) => new ScriptedTrainer(name, options));
  }

  get trainers(): readonly ScriptedTrainer[] {
    return this.launched;
  }

  /** The nth that was launched, once it is. */
  trainer(index: number): Promise<ScriptedTrainer> {
    return this.busy(index);
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
