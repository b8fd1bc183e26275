import type { Diagnostics } from '../../../shared/diagnostics.ts';
import type { Detector } from './detector.ts';

/** Unrelated texts at least so similar, or so few dimensions used: what follows the embeddings can hardly tell texts apart. */
const similarityBound = 0.95;
const rankBound = 4;
/** Encoders that are alike from the start, as pretrained ones may be, have collapsed when little is left of what they had. */
const shareLeft = 0.25;
/** Without a figure of the untrained encoder only what nothing else explains counts. */
const strictSimilarityBound = 0.995;
const strictRankBound = 1.5;
/** Of fewer pairs nothing can be said. */
const fewestPairs = 8;

/** All texts at one point, or on a line or two (dimensional collapse: Jing et al. 2022). */
export function collapseDetector(): Detector {
  let untrained: Diagnostics | null = null;
  return {
    kind: 'collapse',
    onEvaluation({ step, diagnostics }) {
      if (!diagnostics || diagnostics.pairs < fewestPairs) return null;
      if (step === 0) {
        untrained = diagnostics;
        return null;
      }
      if (!isCollapsed(diagnostics, untrained)) return null;
      const { mean_cosine, effective_rank } = diagnostics.figures;
      const before = untrained ? ` Untrained: ${untrained.figures.mean_cosine!.toFixed(3)}, and ${untrained.figures.effective_rank!.toFixed(1)}.` : '';
      return {
        message: `Texts that have nothing to do with each other have a cosine of ${mean_cosine!.toFixed(3)}, and the embeddings use ${effective_rank!.toFixed(1)} dimensions.${before}`,
        fix: 'Lower learning_rate, or take a loss that pushes apart what does not belong together (infonce); with triplets, mining "semi_hard" instead of "hardest".',
      };
    },
  };
}

function isCollapsed({ figures }: Diagnostics, untrained: Diagnostics | null): boolean {
  const apart = 1 - figures.mean_cosine!;
  const rank = figures.effective_rank!;
  if (!untrained) return apart < 1 - strictSimilarityBound || rank < strictRankBound;
  const before = { apart: 1 - untrained.figures.mean_cosine!, rank: untrained.figures.effective_rank! };
  return (apart < 1 - similarityBound && apart < shareLeft * before.apart) || (rank < rankBound && rank < shareLeft * before.rank);
}
