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
  /** When it was asked for: lists go by it. */
  started: z.iso.datetime(),
  /** In words. */
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
  /** The process that is, or was last, at it. */
  owner: z.strictObject({ pid: z.int(), startToken: z.string() }),
});

/** A download as it is stored: what a later start of the lab needs to know of it. Never who asked. */
export type DownloadRecord = z.output<typeof recordShape>;

/** The records of a home folder: one JSON file each. */
export class DownloadRecords {
  readonly #folder: string;

  /** `folder`: where the parts lie, too. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** All that can be understood; another version of LossLab may have written others. */
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

  /** Null, too, where another program has removed it at this moment. */
  #parse(name: string): DownloadRecord | null {
    try {
      const record = recordShape.safeParse(JSON.parse(readFileSync(join(this.#folder, name), 'utf8')));
      return record.success && `${record.data.id}.json` === name ? record.data : null;
    } catch {
      return null;
    }
  }
}
