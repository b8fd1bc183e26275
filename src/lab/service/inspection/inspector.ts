import type { MethodName } from '../../../shared/contract/contract.ts';
import { chosenColumns, chosenData } from '../../inspector/choose.ts';
import type { InspectionJob } from '../../inspector/columns.ts';
import { RemoteInspector } from '../../inspector/remoteInspector.ts';
import { titlesFor, winList } from '../../inspector/wins.ts';
import type { Implementations, ServiceContext } from '../context.ts';
import type { JobHost } from '../jobs/request.ts';

/** Looking inside runs, in a process of its own. */
export class Inspections {
  readonly methods: Implementations<Extract<MethodName, `inspector.${string}`>>;
  readonly #inspector: RemoteInspector;

  constructor({ store, home, launcher, jobs }: ServiceContext) {
    const inspector = new RemoteInspector(launcher, home.cache);
    const inspect = (job: InspectionJob, { signal, report }: JobHost) =>
      inspector.inspect(job, { signal, onProgress: report });
    const title = 'The inspection';
    this.#inspector = inspector;
    this.methods = {
      'inspector.questions': async ({ runs, ...search }) =>
        inspector.questions({ data: await chosenData(store, runs), ...search }),

      'inspector.question': (input, connection) => {
        const { runs, baselines, question, ...how } = input;
        const work = async (host: JobHost) =>
          inspect({ ...(await chosenColumns(store, runs, baselines)), ...how, asked: { question } }, host);
        return jobs.run({ method: 'inspector.question', input, title, work }, connection);
      },

      'inspector.query': (input, connection) => {
        const { runs, baselines, text, ...how } = input;
        const work = async (host: JobHost) =>
          inspect({ ...(await chosenColumns(store, runs, baselines)), ...how, asked: { text } }, host);
        return jobs.run({ method: 'inspector.query', input, title, work }, connection);
      },

      'inspector.wins': (asked) =>
        winList(
          store,
          asked,
          titlesFor(store, [...asked.a.runs, ...asked.b.runs], (titles) => inspector.titles(titles)),
        ),
    };
  }

  close(): void {
    this.#inspector.close();
  }
}
