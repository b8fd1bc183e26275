import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { credentialServices, downloadRequest } from '../../../shared/contract/downloads.ts';
import { errorCodes } from '../../../shared/errors.ts';
import { writeAtomically } from '../../files/atomicFile.ts';
import { asStorageError } from '../../files/storage.ts';

const recordShape = z.strictObject({
  id: z.string(),
  request: downloadRequest,
  state: z.enum(['running', 'finished', 'failed', 'cancelled', 'interrupted']),
  /** When it was requested; the order of lists. */
  started: z.iso.datetime(),
  /** As text. */
  stage: z.string(),
  /** Bytes of that stage. */
  done: z.number().min(0),
  total: z.number().min(0).nullable(),
  failure: z
    .strictObject({ code: z.enum([...errorCodes, 'internal']), message: z.string(), fix: z.string() })
    .nullable(),
  needsCredentials: z.enum(credentialServices).nullable(),
  result: z
    .union([
      z.strictObject({ kind: z.literal('dataset'), name: z.string() }),
      z.strictObject({ kind: z.literal('encoder'), encoder: z.string() }),
    ])
    .nullable(),
  /** The process that runs it, or ran it last. */
  owner: z.strictObject({ pid: z.int(), startToken: z.string() }),
});

/** A stored download: what a later start of the lab needs. It never contains credentials. */
export type DownloadRecord = z.output<typeof recordShape>;

/** The records of a home folder: one JSON file per download. */
export class DownloadRecords {
  readonly #folder: string;

  /** `folder` also contains the partial files. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** All valid records; another version of LossLab may have written others. */
  read(): DownloadRecord[] {
    if (!existsSync(this.#folder)) return [];
    return readdirSync(this.#folder).flatMap((name) => (name.endsWith('.json') ? (this.#parse(name) ?? []) : []));
  }

  /** Throws a `storage` LabError. */
  write(record: DownloadRecord): void {
    const file = this.#file(record.id);
    try {
      writeAtomically(file, [JSON.stringify(record)]);
    } catch (error) {
      throw asStorageError(error, file);
    }
  }

  remove(id: string): void {
    rmSync(this.#file(id), { force: true });
  }

  #file(id: string): string {
    return join(this.#folder, `${id}.json`);
  }

  /** Also null if another program removes it at this moment. */
  #parse(name: string): DownloadRecord | null {
    try {
      const record = recordShape.safeParse(JSON.parse(readFileSync(join(this.#folder, name), 'utf8')));
      return record.success && `${record.data.id}.json` === name ? record.data : null;
    } catch {
      return null;
    }
  }
}
