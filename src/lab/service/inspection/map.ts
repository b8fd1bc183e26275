import type { MethodName } from '../../../shared/contract/contract.ts';
import type { EmbeddingMap } from '../../../shared/contract/map.ts';
import { LabError } from '../../../shared/errors.ts';
import { chosenColumns } from '../../inspector/choose.ts';
import type { MapJob } from '../../map/job.ts';
import { mapTask } from '../../map/mapTask.ts';
import { runTask } from '../../work/taskWorker.ts';
import type { Connection, Implementations, ServiceContext } from '../context.ts';

/** Maps, each made in a process of its own. A screen waits for one at a time: another request, or its going away, ends the one before. */
export class Maps {
  readonly methods: Implementations<Extract<MethodName, `map.${string}`>>;
  readonly #context: ServiceContext;
  readonly #going = new Map<Connection, AbortController>();

  constructor(context: ServiceContext) {
    this.#context = context;
    this.methods = {
      'map.make': ({ runs }, connection) => this.#make(runs, connection),

      'map.cancel': (_, connection) => {
        this.#cancel(connection, 'Cancelled.');
        return null;
      },
    };
  }

  close(): void {
    for (const connection of this.#going.keys()) this.#cancel(connection, 'The lab is closing.');
  }

  async #make(ids: readonly string[], connection: Connection): Promise<EmbeddingMap> {
    const { launcher } = this.#context;
    this.#cancel(connection, 'Another map was asked for.');
    const controller = new AbortController();
    this.#going.set(connection, controller);
    connection.onClose(() => controller.abort(new LabError('usage', 'The screen that asked has gone.')));
    try {
      return await runTask(launcher, mapTask, await this.#jobOf(ids), {
        signal: controller.signal,
        onProgress: (progress) => connection.notify({ type: 'mapping', progress }),
      });
    } finally {
      if (this.#going.get(connection) === controller) this.#going.delete(connection);
    }
  }

  /** Throws the LabError of a run that cannot be laid out: a map of the other alone was not asked for. */
  async #jobOf(ids: readonly string[]): Promise<MapJob> {
    const { store, home } = this.#context;
    const { data, columns } = await chosenColumns(store, ids, []);
    const runs = columns.map((column) => {
      if ('encoder' in column)
        return { run: column.key, name: column.name, seed: column.seed!, encoder: column.encoder };
      const { message, fix } = 'problem' in column ? column.problem : { message: 'it has no encoder', fix: '' };
      throw new LabError('usage', `${column.name}: ${message}`, fix);
    });
    return { data, runs, cache: home.cache };
  }

  #cancel(connection: Connection, why: string): void {
    this.#going.get(connection)?.abort(new LabError('usage', why));
  }
}
