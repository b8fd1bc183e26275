import type { BenchPart } from './part.ts';
import { evaluation } from './parts/evaluation.ts';
import { experiment } from './parts/experiment.ts';
import { gradientCache } from './parts/gradientCache.ts';
import { csvImport } from './parts/import.ts';
import { inspector } from './parts/inspector.ts';
import { losses } from './parts/losses.ts';
import { padding } from './parts/padding.ts';
import { posts } from './parts/posts.ts';
import { scaling } from './parts/scaling.ts';
import { staticTraining } from './parts/static.ts';
import { step } from './parts/step.ts';
import { tokenise } from './parts/tokenise.ts';
import { transfer } from './parts/transfer.ts';
import { verdict } from './parts/verdict.ts';

/** Everything that `npm run bench` measures, in the order of its results. */
export const parts: Readonly<Record<string, BenchPart>> = {
  step,
  losses,
  transfer,
  experiment,
  padding,
  scaling,
  evaluation,
  static: staticTraining,
  gradientCache,
  import: csvImport,
  posts,
  tokenise,
  verdict,
  inspector,
  // It needs a browser and development packages, so it is loaded on demand.
  screens: {
    what: 'how long people wait for the screens',
    devices: ['cpu'],
    short: false,
    run: async () => (await import('./parts/screens.ts')).screensFigures(),
  },
};
