import type { Diagnostics } from '../../shared/diagnostics.ts';
import { formatDecimal } from '../../shared/format.ts';
import type { Detector } from './detector.ts';

/**
 * Unrelated texts at least this similar, or so few dimensions used, that texts can hardly be distinguished by their
 * embeddings.
 */
const similarityBound = 0.95;
const rankBound = 4;
/**
 * If embeddings are similar from the start, as with some pretrained encoders, they have collapsed when little of the
 * initial distance remains.
 */
const shareLeft = 0.25;
/** All embeddings in one point or on one line: this is always a collapse, and needs no second evaluation. */
const pointSimilarity = 0.995;
const lineRank = 1.5;
/** Fewer pairs are not judged. */
const fewestPairs = 8;

/**
 * All texts near one point, or on a few lines (dimensional collapse: Jing et al. 2022), at two evaluations in a row.
 */
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
        message: `Unrelated texts have a mean cosine of ${formatDecimal(mean_cosine!, 3)}, and the embeddings use ${formatDecimal(effective_rank!, 1)} dimensions.${before}`,
        fix: 'Lower learning_rate, or use a loss that pushes unrelated texts apart (infonce). With triplets, set mining to "semi_hard" instead of "hardest".',
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
