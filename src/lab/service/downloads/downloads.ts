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
 * The downloads of a home folder. They belong to the lab, not to a screen; each is stored, so that one
 * that the end of the lab has interrupted is there at its next start, with what had arrived of it.
 */
export class Downloads {
  readonly #context: ServiceContext;
  readonly #secrets: SecretStore;
  readonly #records: DownloadRecords;
  readonly #jobs = new Map<string, DownloadJob>();
  /** As they were last read: of those that are going on here, the job knows better. */
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

  /** Interrupts what is going on; resolves when that is stored. */
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
        `${request.source} is being downloaded already.`,
        'Wait until it is there, or cancel it.',
      );
    // What has arrived of it is gone on with, under the new request.
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
    // Another screen may have been quicker.
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
      throw new LabError('usage', 'The lab is being closed.', 'Start the download when it is open again.');
  }

  /** Of one that is going on elsewhere, nothing can be decided here. */
  #require(id: string): DownloadRecord {
    if (!this.#jobs.has(id)) this.#read();
    const record = this.#jobs.get(id)?.record ?? this.#stored.get(id);
    if (!record) throw new LabError('usage', 'There is no such download any more.', 'Start it again.');
    if (record.state === 'running' && !this.#jobs.has(id))
      throw new LabError(
        'usage',
        `Another program (process ${record.owner.pid}) is downloading ${record.request.source}.`,
        'It can be cancelled where it was started.',
      );
    return record;
  }

  #requireEnded(id: string): DownloadRecord {
    const record = this.#require(id);
    if (record.state === 'finished') throw new LabError('usage', `${record.request.source} is there already.`);
    if (record.state === 'running')
      throw new LabError('usage', `${record.request.source} is being downloaded already.`);
    return record;
  }

  // --- What is stored ---------------------------------------------------------------------------

  /** What another program is downloading stays as it is; what one that has gone was downloading is interrupted. */
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

  /** An end that cannot be stored is still told; the next start of the lab finds an interrupted download, which loses nothing. */
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

  // --- What screens are told --------------------------------------------------------------------

  #views(): DownloadView[] {
    return [...this.#stored.values()]
      .sort((a, b) => b.started.localeCompare(a.started))
      .map((record) => this.#jobs.get(record.id)?.view ?? viewOf(record));
  }

  #tell(): void {
    this.#context.notify({ type: 'downloads', downloads: this.#views() });
  }
}
