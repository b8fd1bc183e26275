import type {
  CredentialService,
  CredentialStatus,
  DownloadRequest,
  DownloadView,
} from '../../../shared/contract/downloads.ts';
import { formatBytes, formatDuration } from '../../../shared/format.ts';

/** Downloads in words, and what a form makes of what people type. */

export type DownloadKind = 'dataset' | 'encoder';

export const serviceTitles: Readonly<Record<CredentialService, string>> = {
  kaggle: 'Kaggle',
  huggingface: 'Hugging Face Hub',
};

const schemes: Readonly<Record<DownloadKind, string>> = { dataset: 'kaggle:', encoder: 'hf:' };

export function kindOf({ request }: Pick<DownloadView, 'request'>): DownloadKind {
  return request.source.startsWith(schemes.encoder) ? 'encoder' : 'dataset';
}

/** A source as the lab takes it: where it comes from may be left out. */
export function sourceOf(kind: DownloadKind, typed: string): string {
  const text = typed.trim();
  return text === '' || /^[a-z]+:/.test(text) ? text : schemes[kind] + text;
}

const wellFormed: Readonly<Record<DownloadKind, { readonly pattern: RegExp; readonly expected: string }>> = {
  dataset: {
    pattern: /^kaggle:[\w.-]+\/[\w.-]+(@\d+)?$/,
    expected: 'kaggle:owner/name, or kaggle:owner/name@version',
  },
  encoder: {
    pattern: /^hf:[\w.-]+(\/[\w.-]+)?(@[\w./-]+)?$/,
    expected: 'hf:owner/name, or hf:owner/name@revision',
  },
};

/** Null where it can be asked for. */
export function sourceProblem(kind: DownloadKind, typed: string): string | null {
  const source = sourceOf(kind, typed);
  const { pattern, expected } = wellFormed[kind];
  if (source === '') return `Enter what to download: ${expected}.`;
  return pattern.test(source) ? null : `Expected ${expected}; found "${source}".`;
}

export interface DownloadFields {
  readonly source: string;
  readonly name: string;
  readonly limit: number | null;
}

export function downloadProblems(kind: DownloadKind, { source, limit }: DownloadFields): string[] {
  const problem = sourceProblem(kind, source);
  return [
    ...(problem === null ? [] : [problem]),
    ...(limit !== null && (!Number.isInteger(limit) || limit < 1)
      ? [`Maximum number of questions: expected a whole number from 1; found ${limit}.`]
      : []),
  ];
}

export function downloadRequestOf(kind: DownloadKind, { source, name, limit }: DownloadFields): DownloadRequest {
  return {
    source: sourceOf(kind, source),
    ...(kind === 'dataset' && name.trim() !== '' && { name: name.trim() }),
    ...(kind === 'dataset' && limit !== null && { limit }),
  };
}

/** From 0 to 1; null where nobody knows how much there is. */
export function downloadShare({ done, total }: DownloadView): number | null {
  return total === null || total === 0 ? null : done / total;
}

/** `12.3 MB of 80.1 MB · 2.1 MB/s · 32 s left` */
export function progressInWords({ done, total, bytesPerSecond, secondsLeft }: DownloadView): string {
  const parts = [
    ...(total !== null ? [`${formatBytes(done)} of ${formatBytes(total)}`] : done > 0 ? [formatBytes(done)] : []),
    ...(bytesPerSecond !== null ? [`${formatBytes(bytesPerSecond)}/s`] : []),
    ...(secondsLeft !== null ? [`${formatDuration(secondsLeft)} left`] : []),
  ];
  return parts.join(' · ');
}

/** What a download has come to, for those that have ended. */
export function endInWords({ state, result }: DownloadView): string {
  if (state === 'finished')
    return result?.kind === 'dataset' ? `Imported as ${result.name}.` : 'Stored on this machine.';
  if (state === 'cancelled') return 'Cancelled. The downloaded part is kept. Resume to continue from there.';
  if (state === 'interrupted')
    return 'Interrupted, because LossLab was closed. The downloaded part is kept. Resume to continue from there.';
  return 'Failed.';
}

/** Where credentials lie, in words. */
export function keptInWords({ kept, where }: CredentialStatus): string {
  const place = where === null ? '' : `: ${where}`;
  switch (kept) {
    case 'environment':
      return `environment variable${place}`;
    case 'file':
      return `file${place}`;
    case 'keychain':
      return 'encrypted with the system’s key store';
    case 'memory':
      return 'in memory, until LossLab is closed';
    case null:
      return 'none: only public data can be downloaded';
  }
}
