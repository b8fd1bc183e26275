import { z } from 'zod';
import { strategyNames } from '../../recipe.ts';
import type { Section } from '../setting.ts';

/** The choice of a loss, and of the strategy that feeds it. */
export const choiceKeys = {
  batch_transform: {
    schema: z.enum(strategyNames),
    derived: 'by `loss_type`',
    group: 'strategy',
    title: 'Strategy',
    help: 'The batching strategy: which answers of a question make a batch.',
    control: 'own',
    differing: 'nothing',
    withinExperiment: 'free',
  },
  loss_type: {
    schema: z.string().min(1).nullable(),
    derived: 'by `batch_transform`',
    group: 'loss',
    title: 'Loss',
    help: 'The loss, by name; the name may carry parameters.',
    control: 'own',
    differing: 'nothing',
    withinExperiment: 'free',
  },
} satisfies Section;
