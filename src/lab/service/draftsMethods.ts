import type { Implementations, ServiceContext } from './context.ts';
import { draftProblems } from './draftsCheck.ts';
import { draftCommand } from './draftsCommand.ts';

export function draftMethods({ home }: ServiceContext): Implementations<'experiments.check' | 'experiments.asCommand'> {
  return {
    'experiments.check': (draft) => draftProblems(home, draft),
    'experiments.asCommand': draftCommand,
  };
}
