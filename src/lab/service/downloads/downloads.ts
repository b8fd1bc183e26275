import { randomUUID } from 'node:crypto';
import type { DownloadRequest, DownloadView } from '../../../shared/contract/downloads.ts';
import { LabError } from '../../../shared/errors.ts';
import type { SecretStore } from '../../net/secretStore.ts';
import { currentProcess, isAlive } from '../../base/processIdentity.ts';
import type { Implementations, ServiceContext } from '../context.ts';
import { credentialsOf } from '../settings/credentials.ts';
import { Paced } from '../../work/throttle.ts';
import { DownloadJob, viewOf } from './job.ts';
import { DownloadRecords, type DownloadRecord } from './records.ts';
import { sourceOf } from './sources.ts';

const tellMilliseconds = 200;

/**
 * The downloads of a home folder. They belong to the lab, not to a screen. Each is stored, so that a download that the
 * end of the lab interrupted can be resumed at the next start.
 */
export class Downloads {
  readonly #context: ServiceContext;
  readonly #secrets: SecretStore;
  readonly #records: DownloadRecords;
  readonly #jobs = new Map<string, DownloadJob>();
  /** The records as last read. For running downloads, the job has newer ones. */
  #stored = new Map<string, DownloadRecord>();
  readonly #telling = new Paced(tellMilliseconds, () => this.#tell());
  #closing = false;

  constructor(context: ServiceContext, secrets: SecretStore) {
    this.#context = context;
    this.#secrets = secrets;
    this.#records = new DownloadRecords(context.home.downloads);
    this.#read();
  }

  get methods(): Implementations<
    'downloads.list' | 'downloads.start' | 'downloads.resume' | 'downloads.cancel' | 'downloads.discard'
  > {
    return {
      'downloads.list': () => this.#list(),
      'downloads.start': (request) => this.#start(request),
      'downloads.resume': ({ id }) => this.#resume(id),
      'downloads.cancel': async ({ id }) => {
        this.#require(id);
        await this.#jobs.get(id)?.stop('cancelled');
        return null;
      },
      'downloads.discard': async ({ id }) => {
        await this.#discard(id);
        return null;
      },
    };
  }

  /** Interrupts running downloads; resolves when that is stored. */
  async close(): Promise<void> {
    this.#closing = true;
    await Promise.all([...this.#jobs.values()].map((job) => job.stop('interrupted')));
    this.#telling.stop();
  }

  #list(): DownloadView[] {
    this.#read();
    return this.#views();
  }

  async #start(request: DownloadRequest): Promise<DownloadView> {
    await sourceOf(request).check(request, this.#context.home);
    this.#requireOpen();
    this.#read();
    const same = [...this.#stored.values()].filter((record) => record.request.source === request.source);
    if (same.some(({ state }) => state === 'running'))
      throw new LabError(
        'usage',
        `${request.source} is already being downloaded.`,
        'Wait until it ends, or cancel it.',
      );
    // The new request continues from the partial files.
    for (const { id } of same) this.#forget(id);
    return this.#run({
      id: randomUUID(),
      request,
      state: 'running',
      started: new Date().toISOString(),
      stage: 'Starting',
      done: 0,
      total: null,
      failure: null,
      needsCredentials: null,
      result: null,
      owner: currentProcess(),
    });
  }

  async #resume(id: string): Promise<DownloadView> {
    const { request } = this.#requireEnded(id);
    await sourceOf(request).check(request, this.#context.home);
    this.#requireOpen();
    // Another screen may have started it first.
    return this.#run({
      ...this.#requireEnded(id),
      state: 'running',
      stage: 'Starting',
      failure: null,
      needsCredentials: null,
      owner: currentProcess(),
    });
  }

  async #discard(id: string): Promise<void> {
    const { request, state } = this.#require(id);
    await this.#jobs.get(id)?.stop('cancelled');
    if (state !== 'finished') await sourceOf(request).discard(request, this.#context.home);
    this.#forget(id);
    this.#telling.now();
  }

  #run(record: DownloadRecord): DownloadView {
    this.#store(record);
    const source = sourceOf(record.request);
    const options = async () => ({
      home: this.#context.home,
      credentials: await credentialsOf(source.service, this.#secrets),
    });
    const job = new DownloadJob(record, source, options, () => this.#telling.soon());
    this.#jobs.set(record.id, job);
    void job.ended.then(() => {
      this.#jobs.delete(record.id);
      this.#keep(job.record);
      this.#context.notify({ type: source.brings });
      this.#telling.now();
    });
    this.#telling.now();
    return job.view;
  }

  #requireOpen(): void {
    if (this.#closing)
      throw new LabError('usage', 'The lab is being closed.', 'Start the download after you open the lab again.');
  }

  /** A download in another program cannot be controlled here. */
  #require(id: string): DownloadRecord {
    if (!this.#jobs.has(id)) this.#read();
    const record = this.#jobs.get(id)?.record ?? this.#stored.get(id);
    if (!record) throw new LabError('usage', 'This download no longer exists.', 'Start it again.');
    if (record.state === 'running' && !this.#jobs.has(id))
      throw new LabError(
        'usage',
        `Another program (process ${record.owner.pid}) is downloading ${record.request.source}.`,
        'Cancel it in the program that started it.',
      );
    return record;
  }

  #requireEnded(id: string): DownloadRecord {
    const record = this.#require(id);
    if (record.state === 'finished') throw new LabError('usage', `${record.request.source} is already downloaded.`);
    if (record.state === 'running')
      throw new LabError('usage', `${record.request.source} is already being downloaded.`);
    return record;
  }

  // --- What is stored ---------------------------------------------------------------------------

  /** Downloads of other running programs stay as they are; those of ended programs become interrupted. */
  #read(): void {
    this.#stored = new Map(
      this.#records
        .read()
        .map((record) => [record.id, this.#isAbandoned(record) ? { ...record, state: 'interrupted' } : record]),
    );
  }

  #isAbandoned({ id, state, owner }: DownloadRecord): boolean {
    return state === 'running' && !this.#jobs.has(id) && (owner.pid === process.pid || !isAlive(owner));
  }

  #store(record: DownloadRecord): void {
    this.#records.write(record);
    this.#stored.set(record.id, record);
  }

  /**
   * If the end cannot be stored, screens are still notified. The next start of the lab finds an interrupted download;
   * no data is lost.
   */
  #keep(record: DownloadRecord): void {
    this.#stored.set(record.id, record);
    try {
      this.#records.write(record);
    } catch (error) {
      process.stderr.write(`losslab: ${(error as Error).message}\n`);
    }
  }

  #forget(id: string): void {
    this.#records.remove(id);
    this.#stored.delete(id);
  }

  // --- Notifications to screens --------------------------------------------------------------------

  #views(): DownloadView[] {
    return [...this.#stored.values()]
      .sort((a, b) => b.started.localeCompare(a.started))
      .map((record) => this.#jobs.get(record.id)?.view ?? viewOf(record));
  }

  #tell(): void {
    this.#context.notify({ type: 'downloads', downloads: this.#views() });
  }
}
