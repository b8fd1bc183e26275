import { toRawConfiguration } from '../../../../shared/configuration.ts';
import { verdictMetric } from '../../../../shared/comparison.ts';
import { describeError, LabError } from '../../../../shared/errors.ts';
import type { Run } from '../../../../shared/history.ts';
import type { Store } from '../../../store/runStore.ts';
import { reportText } from '../../../reports/reportText.ts';
import { modelCardOf } from '../../encoders/exportRun.ts';

/** A file beside the figures of a run. */
export interface Artifact {
  readonly name: string;
  /** Media type. */
  readonly type: string;
  readonly text: string;
}

/** A file, or why it is missing, in a sentence. */
type Made = Artifact | { readonly missing: string };

/** Makes the files of runs. The report of an experiment is made once. */
export class ArtifactMaker {
  readonly #store: Store;
  readonly #reports = new Map<string, Promise<Made>>();

  constructor(store: Store) {
    this.#store = store;
  }

  /**
   * The configuration of a run, from which it can be trained again; the report of its experiment; and the model card if
   * it is finished.
   */
  async filesOf(run: Run): Promise<Made[]> {
    const configuration = `${JSON.stringify(toRawConfiguration(run.configuration), null, 2)}\n`;
    if (!this.#reports.has(run.experiment)) this.#reports.set(run.experiment, this.#report(run));
    return [
      { name: 'configuration.json', type: 'application/json', text: configuration },
      await this.#reports.get(run.experiment)!,
      ...(run.encoder === null ? [] : [await made('README.md', 'text/markdown', () => modelCardOf(this.#store, run))]),
    ];
  }

  /** On all runs of the experiment that have been evaluated. */
  #report({ experiment }: Run): Promise<Made> {
    const runs = this.#store
      .listRuns({ experiment })
      .filter(({ id }) => this.#store.evaluations(id).length > 0)
      .map(({ id }) => id);
    return made('report.html', 'text/html', () =>
      reportText(this.#store, { runs, format: 'html', metric: verdictMetric, band: 'ci95' }),
    );
  }
}

async function made(name: string, type: string, make: () => Promise<string>): Promise<Made> {
  try {
    return { name, type, text: await make() };
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    return { missing: `${name} was not sent: ${describeError(error).replaceAll('\n', ' ')}` };
  }
}
