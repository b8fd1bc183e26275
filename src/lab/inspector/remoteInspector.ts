import type { Inspection, InspectorProgress, QuestionPage } from '../../shared/contract/inspector.ts';
import { LabError } from '../../shared/errors.ts';
import type { LaunchedProcess, ProcessLauncher } from '../work/processes.ts';
import type { InspectorCalls, Watch } from './inspector.ts';
import type { InspectorMethod, MessageFromInspector, MessageToInspector } from './messages.ts';
import { fromFailure } from '../work/failure.ts';

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: ((progress: InspectorProgress) => void) | undefined;
}

/** After so long without a question its memory is worth more than its haste. */
const idleMilliseconds = 10 * 60 * 1000;

/** An inspector in a process of its own, which is started by the first question, and again by the next after it has ended. */
export class RemoteInspector implements InspectorCalls {
  readonly #launcher: ProcessLauncher;
  readonly #cache: string;
  readonly #idle: number;
  readonly #waiting = new Map<number, Waiting>();
  #process: LaunchedProcess | null = null;
  #timer: NodeJS.Timeout | undefined;
  #errors = '';
  #calls = 0;

  /** @param cache folder for what can be computed again */
  constructor(launcher: ProcessLauncher, cache: string, idle = idleMilliseconds) {
    this.#launcher = launcher;
    this.#cache = cache;
    this.#idle = idle;
  }

  questions(search: Parameters<InspectorCalls['questions']>[0]): Promise<QuestionPage> {
    return this.#call('questions', search);
  }

  titles(asked: Parameters<InspectorCalls['titles']>[0]): Promise<(string | null)[]> {
    return this.#call('titles', asked);
  }

  inspect(job: Parameters<InspectorCalls['inspect']>[0], watch?: Watch): Promise<Inspection> {
    return this.#call('inspect', job, watch);
  }

  /** Ends the process, whatever it is doing. */
  close(): void {
    this.#end(new LabError('usage', 'The lab is closing.'));
  }

  #call<Result>(method: InspectorMethod, argument: unknown, { signal, onProgress }: Watch = {}): Promise<Result> {
    signal?.throwIfAborted();
    const started = (this.#process ??= this.#start());
    const id = ++this.#calls;
    clearTimeout(this.#timer);
    const answered = new Promise<Result>((resolve, reject) =>
      this.#waiting.set(id, { resolve: resolve as Waiting['resolve'], reject, onProgress }),
    );
    signal?.addEventListener('abort', () => send(started, { type: 'cancel', id }), { once: true });
    send(started, { type: 'call', id, method, argument });
    return answered;
  }

  #start(): LaunchedProcess {
    const launched = this.#launcher.launch('inspector');
    this.#errors = '';
    launched.onErrorOutput((text) => (this.#errors = (this.#errors + text).slice(-2000)));
    launched.onMessage((message) => this.#receive(message as MessageFromInspector));
    launched.onExit(({ code }) => {
      if (this.#process !== launched) return;
      const words = this.#errors.trim();
      this.#end(
        new LabError(
          'storage',
          `The process that looks into runs has ended before it had an answer (exit code ${code}).${words && `\n${words}`}`,
          'The machine may have run out of memory: look into fewer runs at once, and try again.',
        ),
      );
    });
    send(launched, { type: 'open', cache: this.#cache });
    return launched;
  }

  #receive(message: MessageFromInspector): void {
    const waiting = this.#waiting.get(message.id);
    if (!waiting) return;
    if (message.type === 'progress') return waiting.onProgress?.(message.progress);
    this.#waiting.delete(message.id);
    if (message.type === 'answer') waiting.resolve(message.result);
    else waiting.reject(fromFailure(message.failure));
    if (this.#waiting.size > 0) return;
    this.#timer = setTimeout(() => this.close(), this.#idle);
    this.#timer.unref();
  }

  #end(reason: LabError): void {
    clearTimeout(this.#timer);
    const process = this.#process;
    this.#process = null;
    process?.kill();
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(reason);
  }
}

function send(process: LaunchedProcess, message: MessageToInspector): void {
  process.send(message);
}
