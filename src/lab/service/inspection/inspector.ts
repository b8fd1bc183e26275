import type { MethodName } from '../../../shared/contract/contract.ts';
import type { Inspection } from '../../../shared/contract/inspector.ts';
import { LabError } from '../../../shared/errors.ts';
import { chosenColumns, chosenData } from '../../inspector/choose.ts';
import type { InspectionJob } from '../../inspector/columns.ts';
import { RemoteInspector } from '../../inspector/remoteInspector.ts';
import { titlesFor, winList } from '../../inspector/wins.ts';
import type { Connection, Implementations, ServiceContext } from '../context.ts';

/** Looking inside runs, in a process of its own. What a screen waits for ends when it says so, or goes away. */
export class Inspections {
  readonly methods: Implementations<Extract<MethodName, `inspector.${string}`>>;
  readonly #inspector: RemoteInspector;
  readonly #going = new WeakMap<Connection, Set<AbortController>>();

  constructor({ store, home, launcher }: ServiceContext) {
    const inspector = new RemoteInspector(launcher, home.cache);
    this.#inspector = inspector;
    this.methods = {
      'inspector.questions': async ({ runs, ...search }) =>
        inspector.questions({ data: await chosenData(store, runs), ...search }),

      'inspector.question': async ({ runs, baselines, question, ...how }, connection) =>
        this.#inspect({ ...(await chosenColumns(store, runs, baselines)), ...how, asked: { question } }, connection),

      'inspector.query': async ({ runs, baselines, text, ...how }, connection) =>
        this.#inspect({ ...(await chosenColumns(store, runs, baselines)), ...how, asked: { text } }, connection),

      'inspector.wins': (asked) =>
        winList(
          store,
          asked,
          titlesFor(store, [...asked.a.runs, ...asked.b.runs], (titles) => inspector.titles(titles)),
        ),

      'inspector.cancel': (_, connection) => {
        this.#cancel(connection, 'Cancelled.');
        return null;
      },
    };
  }

  close(): void {
    this.#inspector.close();
  }

  async #inspect(job: InspectionJob, connection: Connection): Promise<Inspection> {
    const controller = new AbortController();
    const going = this.#goingOf(connection).add(controller);
    try {
      return await this.#inspector.inspect(job, {
        signal: controller.signal,
        onProgress: (progress) => connection.notify({ type: 'inspecting', progress }),
      });
    } finally {
      going.delete(controller);
    }
  }

  #goingOf(connection: Connection): Set<AbortController> {
    const known = this.#going.get(connection);
    if (known) return known;
    const made = new Set<AbortController>();
    this.#going.set(connection, made);
    connection.onClose(() => this.#cancel(connection, 'The screen that asked has gone.'));
    return made;
  }

  #cancel(connection: Connection, why: string): void {
    for (const controller of this.#going.get(connection) ?? []) controller.abort(new LabError('usage', why));
  }
}
