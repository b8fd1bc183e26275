import type { Diagnostics } from '../../shared/diagnostics.ts';
import { formatDecimal } from '../../shared/format.ts';
import type { Detector } from './detector.ts';

/** Unrelated texts at least so similar, or so few dimensions used: what follows the embeddings can hardly tell texts apart. */
const similarityBound = 0.95;
const rankBound = 4;
/** Encoders that are alike from the start, as pretrained ones may be, have collapsed when little is left of what they had. */
const shareLeft = 0.25;
/** One point, or one line: nothing else explains it, whatever the untrained encoder was like, and nothing has to confirm it. */
const pointSimilarity = 0.995;
const lineRank = 1.5;
/** Of fewer pairs nothing can be said. */
const fewestPairs = 8;

/** All texts at about one point, or on a few lines (dimensional collapse: Jing et al. 2022), at two evaluations in a row. */
export function collapseDetector(): Detector {
  let untrained: Diagnostics | null = null;
  let narrowBefore = false;
  return {
    kind: 'collapse',
    onEvaluation({ step, diagnostics }) {
      if (!diagnostics || diagnostics.pairs < fewestPairs) return null;
      if (step === 0) {
        untrained = diagnostics;
        return null;
      }
      const narrow = isNarrow(diagnostics, untrained);
      const collapsed = isPointOrLine(diagnostics) || (narrow && narrowBefore);
      narrowBefore = narrow;
      if (!collapsed) return null;
      const { mean_cosine, effective_rank } = diagnostics.figures;
      const before = untrained
        ? ` Untrained: ${formatDecimal(untrained.figures.mean_cosine!, 3)}, and ${formatDecimal(untrained.figures.effective_rank!, 1)}.`
        : '';
      return {
        message: `Texts that have nothing to do with each other have a cosine of ${formatDecimal(mean_cosine!, 3)}, and the embeddings use ${formatDecimal(effective_rank!, 1)} dimensions.${before}`,
        fix: 'Lower learning_rate, or take a loss that pushes apart what does not belong together (infonce); with triplets, mining "semi_hard" instead of "hardest".',
      };
    },
  };
}

function isPointOrLine({ figures }: Diagnostics): boolean {
  return figures.mean_cosine! > pointSimilarity || figures.effective_rank! < lineRank;
}

function isNarrow({ figures }: Diagnostics, untrained: Diagnostics | null): boolean {
  if (!untrained) return false;
  const apart = (of: Diagnostics['figures']): number => 1 - of.mean_cosine!;
  const rank = figures.effective_rank!;
  const alike = figures.mean_cosine! > similarityBound && apart(figures) < shareLeft * apart(untrained.figures);
  return alike || (rank < rankBound && rank < shareLeft * untrained.figures.effective_rank!);
}
