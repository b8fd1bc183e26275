import type { InspectedAnswer } from '../../../shared/contract/inspector.ts';

/** What an answer is to the question; empty where it belongs to another one. */
export const roleTitles: Readonly<Record<InspectedAnswer['role'], string>> = {
  best: 'Best answer',
  own: 'Hard negative',
  other: '',
};
