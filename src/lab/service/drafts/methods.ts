import type { Implementations, ServiceContext } from '../context.ts';
import { draftProblems } from './check.ts';
import { draftCommand } from './command.ts';

export function draftMethods({ home }: ServiceContext): Implementations<'experiments.check' | 'experiments.asCommand'> {
  return {
    'experiments.check': (draft) => draftProblems(home, draft),
    'experiments.asCommand': draftCommand,
  };
}
