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
  /** Milliseconds without a byte, after which the connection counts as cut. */
  readonly stall: number;
  /** Whether a part of this size is more than there ever was. */
  isNew(size: number): boolean;
  /** Before anything is written: the rest begins behind `from` bytes; `total` is that of the whole file, null where the server does not tell. */
  onStart(from: number, total: number | null): void;
  /** When more bytes have been written. */
  onBytes(total: number | null): void;
}

/**
 * One attempt to get the rest of a file into its part. Resolves to the answer's headers when all has
 * arrived; throws an `Interruption` where another attempt may get further.
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

// --- Going on where it stopped ------------------------------------------------------------------

/** A part that cannot be told from one of an older version is not gone on with. */
function resumeAt({ size, content }: PartFile): number {
  if (!content || (content.etag ?? content.lastModified) === null) return 0;
  // Of one that may be whole, the last byte again: there is an answer to that, with the headers that belong to it.
  const mayBeWhole = content.size === null || size >= content.size;
  return mayBeWhole ? Math.max(0, Math.min(size, content.size ?? size) - 1) : size;
}

function rangeHeaders({ content }: PartFile, from: number): Record<string, string> {
  if (from === 0) return {};
  return { range: `bytes=${from}-`, 'if-range': (content!.etag ?? content!.lastModified)! };
}

interface Place {
  /** What an answer's bytes are a part of. */
  readonly content: Content;
  /** How many bytes of it stand before them. */
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

const changed = 'the file on the server has changed meanwhile';

/** Sizes, ranges and hashes would be those of something else. */
function requireUncompressed({ headers, address }: Answer, what: string): void {
  const encoding = headers.get('content-encoding');
  if (encoding === null || encoding === 'identity') return;
  throw new LabError(
    'download',
    `${what}: ${address} sends it compressed (${encoding}), though it was asked not to.`,
    'Try again later, or from another network.',
  );
}

function startAgain(part: PartFile, reason: string): never {
  part.discard();
  throw new Interruption(reason);
}

/** Weak tags mean "as good as equal", which is not enough to put two halves together. */
function strongTag(headers: Headers): string | null {
  const etag = headers.get('etag');
  return etag?.startsWith('"') ? etag : null;
}

function lengthOf(headers: Headers): number | null {
  const length = headers.get('content-length');
  return length !== null && /^\d{1,15}$/.test(length) ? Number(length) : null;
}

/** Size of the whole, from an answer's `Content-Range`. Throws a `download` LabError where the bytes are not those that were asked for. */
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
    `${what}: asked for the bytes from ${from}${size === null ? '' : ` of ${size}`}, ${address} answers with "${range ?? 'no range'}". Nothing of it was taken.`,
    'Start it again later; what has arrived so far is kept.',
  );
}

// --- Bytes --------------------------------------------------------------------------------------

/** The bytes of an answer. Throws a `download` LabError before the first of them where they are a web page. */
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
  // Not before the first bytes are known to be no web page: until then the part keeps what it has.
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

/** Of what goes wrong while bytes are passed on, only the disk's own errors name the system call. */
function isOfDisk(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).syscall !== undefined;
}

function cutAt({ size }: PartFile, { size: total }: Content): string {
  return `the connection was cut after ${formatCount(size)}${total === null ? '' : ` of ${formatCount(total)}`} bytes`;
}

// --- Silence ------------------------------------------------------------------------------------

/** Ends an attempt in which nothing is heard for a while. */
class Silence {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  /** In words, once it has lasted too long. */
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

  /** Closes the connection, too, where the answer was not read to its end. */
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
