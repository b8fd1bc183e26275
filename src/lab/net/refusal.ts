import { LabError } from '../../shared/errors.ts';
import type { Answer } from './request.ts';
import { askedToWait, Interruption } from './retry.ts';

/** An unexpected answer, with the beginning of its text. */
export interface Refusal extends Pick<Answer, 'status' | 'headers' | 'address'> {
  /** At most 4,000 characters. */
  readonly text: string;
}

/** A service's explanation of an answer; null if the status says it all. */
export type Explain = (refusal: Refusal) => LabError | null;

/**
 * Throws for an answer with the wrong status: an `Interruption` if another attempt may help, otherwise a `download`
 * LabError.
 */
export async function refuse(answer: Answer, what: string, explain: Explain = () => null): Promise<never> {
  const { status, headers, address } = answer;
  const text = await beginning(answer);
  if (status === 408 || status === 429 || status >= 500) {
    throw new Interruption(`${new URL(address).host} answers with status ${status}${meanings[status] ?? ''}`, {
      asked: askedToWait(headers),
    });
  }
  throw (
    explain({ status, headers, address, text }) ??
    (isWebPage(headers, text) ? webPage(answer, what) : plainRefusal(status, address, what))
  );
}

const meanings: Record<number, string> = {
  429: ', which means too many requests',
  503: ', which means that it is overloaded or under maintenance',
};

function plainRefusal(status: number, address: string, what: string): LabError {
  const [meaning, fix] = {
    401: ['it needs credentials', 'Set the credentials of that service.'],
    403: [
      'it does not allow access',
      'Check the name and your credentials, and whether the service asks you to accept terms first.',
    ],
    404: ['it was not found', 'Check the name.'],
  }[status] ?? ['this answer was not expected', 'Try again later.'];
  return new LabError('download', `${what}: ${address} answers with status ${status}: ${meaning}.`, fix);
}

/** Networks that need a log-in, and services with terms to accept, answer with a web page. */
export function webPage({ status, address }: Pick<Answer, 'status' | 'address'>, what: string): LabError {
  return new LabError(
    'download',
    `${what}: the server sent a web page instead of the file (status ${status}, ${address}).`,
    'Open that address in a browser: it may ask for a log-in, or for terms to be accepted.',
  );
}

/** By its type or its beginning: some web pages have the type JSON. */
export function isWebPage(headers: Headers, text: string): boolean {
  return (
    /^text\/html\b/i.test(headers.get('content-type') ?? '') ||
    /^[\s\uFEFF]*(<!--[^]*?-->\s*)?<(!doctype\s+html|html)\b/i.test(text)
  );
}

async function beginning({ body }: Answer): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const chunk of body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      if (text.length >= 4000) break;
    }
  } catch {
    // The status is enough: an incomplete body does not change it.
  }
  return text.slice(0, 4000);
}
