import { LabError } from '../../shared/errors.ts';
import { formatCount } from '../../shared/format.ts';
import { publicAddress } from './address.ts';
import type { Content, PartFile } from './partFile.ts';
import { isWebPage, refuse, webPage, type Explain } from './refusal.ts';
import { request, type Answer } from './request.ts';
import { Interruption } from './retry.ts';

export interface ReceiveOptions {
  readonly url: URL;
  readonly what: string;
  readonly headers: Readonly<Record<string, string>> | undefined;
  readonly explain: Explain | undefined;
  readonly signal: AbortSignal | undefined;
  /** After this many milliseconds without a byte the connection counts as cut. */
  readonly stall: number;
  /** Whether a part of this size is larger than ever before. */
  isNew(size: number): boolean;
  /**
   * Called before anything is written: the rest begins after `from` bytes; `total` is the size of the whole file, null
   * if the server does not say.
   */
  onStart(from: number, total: number | null): void;
  /** Called when more bytes have been written. */
  onBytes(total: number | null): void;
}

/**
 * One attempt to get the rest of a file into its part. Resolves to the answer's headers when everything has arrived;
 * throws an `Interruption` if another attempt may get further.
 */
export async function receive(part: PartFile, options: ReceiveOptions): Promise<Headers> {
  const silence = new Silence(options.stall);
  const signal = options.signal ? AbortSignal.any([options.signal, silence.signal]) : silence.signal;
  try {
    const from = resumeAt(part);
    const headers = { ...options.headers, ...rangeHeaders(part, from) };
    const answer = await request(options.url, { what: options.what, headers, signal });
    silence.broken();
    const place = await placeOf(answer, part, from, options);
    await write(heard(checked(answer, options), silence), part, place, options);
    return answer.headers;
  } catch (error) {
    if (silence.tooLong && !options.signal?.aborted)
      throw new Interruption(silence.tooLong, { progressed: options.isNew(part.size) });
    throw error;
  } finally {
    silence.end();
  }
}

// --- Resuming -----------------------------------------------------------------------------------

/** A part is not resumed if it could belong to an older version of the file. */
function resumeAt({ size, content }: PartFile): number {
  if (!content || (content.etag ?? content.lastModified) === null) return 0;
  // If the part may be complete, the last byte is requested again: servers answer this, with the file's headers.
  const mayBeWhole = content.size === null || size >= content.size;
  return mayBeWhole ? Math.max(0, Math.min(size, content.size ?? size) - 1) : size;
}

function rangeHeaders({ content }: PartFile, from: number): Record<string, string> {
  if (from === 0) return {};
  return { range: `bytes=${from}-`, 'if-range': (content!.etag ?? content!.lastModified)! };
}

interface Place {
  /** The content that the bytes of an answer belong to. */
  readonly content: Content;
  /** Position of the first of these bytes in the content. */
  readonly from: number;
}

async function placeOf(
  answer: Answer,
  part: PartFile,
  from: number,
  { url, what, explain }: ReceiveOptions,
): Promise<Place> {
  const { status, headers } = answer;
  if (from > 0 && status === 416) return startAgain(part, changed);
  if (status !== 200 && (status !== 206 || from === 0)) return refuse(answer, what, explain);
  requireUncompressed(answer, what);
  const about = { url: publicAddress(url), etag: strongTag(headers), lastModified: headers.get('last-modified') };
  if (status === 200) return { content: { ...about, size: lengthOf(headers) }, from: 0 };
  const content = part.content!;
  if (about.etag !== content.etag || (content.etag === null && about.lastModified !== content.lastModified))
    return startAgain(part, changed);
  return {
    content: { ...content, size: checkRange(headers.get('content-range'), from, content.size, answer, what) },
    from,
  };
}

const changed = 'the file on the server has changed';

/** Sizes, ranges and hashes would be those of the compressed form. */
function requireUncompressed({ headers, address }: Answer, what: string): void {
  const encoding = headers.get('content-encoding');
  if (encoding === null || encoding === 'identity') return;
  throw new LabError(
    'download',
    `${what}: ${address} sends the file compressed (${encoding}), although LossLab asked for it uncompressed.`,
    'Try again later, or from another network.',
  );
}

function startAgain(part: PartFile, reason: string): never {
  part.discard();
  throw new Interruption(reason);
}

/** Weak tags mean "equivalent", which is not enough to join two parts. */
function strongTag(headers: Headers): string | null {
  const etag = headers.get('etag');
  return etag?.startsWith('"') ? etag : null;
}

function lengthOf(headers: Headers): number | null {
  const length = headers.get('content-length');
  return length !== null && /^\d{1,15}$/.test(length) ? Number(length) : null;
}

/**
 * Size of the whole, from an answer's `Content-Range`. Throws a `download` LabError if the bytes are not those that
 * were requested.
 */
function checkRange(
  range: string | null,
  from: number,
  size: number | null,
  { address }: Answer,
  what: string,
): number | null {
  const found = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/.exec(range ?? '');
  const [begin, end, total] = found
    ? [Number(found[1]), Number(found[2]), found[3] === '*' ? size : Number(found[3])]
    : [NaN, NaN, NaN];
  const fits = begin === from && end >= begin && (total === null || end < total) && (size === null || total === size);
  if (fits) return total;
  throw new LabError(
    'download',
    `${what}: LossLab asked for the bytes from ${from}${size === null ? '' : ` of ${size}`}, but ${address} answered with "${range ?? 'no range'}". These bytes were ignored.`,
    'Start the download again later; the part that has arrived is kept.',
  );
}

// --- Bytes --------------------------------------------------------------------------------------

/** The bytes of an answer. Throws a `download` LabError before the first byte if they are a web page. */
async function* checked(answer: Answer, { what }: ReceiveOptions): AsyncGenerator<Uint8Array> {
  const isRest = answer.status === 206;
  if (isWebPage(answer.headers, '')) throw webPage(answer, what);
  let head: Uint8Array | null = isRest ? null : new Uint8Array();
  for await (const chunk of answer.body ?? []) {
    if (head === null) {
      yield chunk;
      continue;
    }
    head = Buffer.concat([head, chunk]);
    if (head.length < bytesThatTell) continue;
    yield* refuseWebPage(head, answer, what);
    head = null;
  }
  if (head !== null) yield* refuseWebPage(head, answer, what);
}

const bytesThatTell = 512;

function* refuseWebPage(head: Uint8Array, answer: Answer, what: string): Generator<Uint8Array> {
  if (isWebPage(answer.headers, new TextDecoder().decode(head.subarray(0, 4000)))) throw webPage(answer, what);
  yield head;
}

async function write(
  body: AsyncIterable<Uint8Array>,
  part: PartFile,
  { content, from }: Place,
  options: ReceiveOptions,
): Promise<void> {
  // Called only after the first bytes are known not to be a web page: until then the part stays unchanged.
  const begin = once(async () => {
    options.onStart(from, content.size);
    await (from === 0 ? part.begin(content) : part.goOn(from));
  });
  try {
    for await (const chunk of body) {
      await begin();
      await part.append(chunk);
      options.onBytes(content.size);
    }
  } catch (error) {
    if (options.signal?.aborted || error instanceof LabError || isOfDisk(error)) throw error;
    throw new Interruption(cutAt(part, content), { progressed: options.isNew(part.size), cause: error });
  }
  await begin();
  if (content.size === null || part.size === content.size) return;
  if (part.size > content.size) startAgain(part, 'the server sent more than it announced');
  throw new Interruption(cutAt(part, content), { progressed: options.isNew(part.size) });
}

function once(action: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | null = null;
  return () => (done ??= action());
}

/** Among the errors while bytes are passed on, only those of the disk name the system call. */
function isOfDisk(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).syscall !== undefined;
}

function cutAt({ size }: PartFile, { size: total }: Content): string {
  return `the connection was cut after ${formatCount(size)}${total === null ? '' : ` of ${formatCount(total)}`} bytes`;
}

// --- Silence ------------------------------------------------------------------------------------

/** Ends an attempt in which nothing arrives for a while. */
class Silence {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  /** A message, after the silence has lasted too long. */
  tooLong: string | null = null;

  constructor(milliseconds: number) {
    this.#timer = setTimeout(() => {
      this.tooLong = `nothing has arrived for ${Math.ceil(milliseconds / 1000)} s`;
      this.#controller.abort();
    }, milliseconds);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  broken(): void {
    this.#timer.refresh();
  }

  /** Also closes the connection if the answer was not read to its end. */
  end(): void {
    clearTimeout(this.#timer);
    this.#controller.abort();
  }
}

async function* heard(body: AsyncIterable<Uint8Array>, silence: Silence): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    silence.broken();
    yield chunk;
  }
}
