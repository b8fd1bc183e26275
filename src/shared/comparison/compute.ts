import type { ComputeUnit } from '../compute.ts';
import { formatAmount, formatDuration } from '../format.ts';

/** What training costs, in words. */

export const computeTitles: Readonly<Record<ComputeUnit, string>> = {
  seconds: 'Training time (s)',
  documents: 'Examples',
  tokens: 'Tokens',
};

export function formatSpent(unit: ComputeUnit, value: number): string {
  switch (unit) {
    case 'seconds':
      return `${formatDuration(value)} of training`;
    case 'documents':
      return formatAmount(Math.round(value), 'question or answer', 'questions and answers');
    case 'tokens':
      return formatAmount(Math.round(value), 'token');
  }
}
