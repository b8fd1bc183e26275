import type { HealthFinding } from '../../shared/health.ts';
import type { LossChoice } from '../../shared/recipe.ts';
import { collapseDetector } from './collapse.ts';
import type { Detector, Diagnosis, HealthEvaluation, HealthStep } from './detector.ts';
import { explodingGradientsDetector } from './explodingGradients.ts';
import { lossWithoutRetrievalDetector } from './lossWithoutRetrieval.ts';
import { marginOf, stuckAtMarginDetector } from './stuckAtMargin.ts';

/**
 * Reads the steps and evaluations of one run, in order, and reports each kind of problem once. It uses nothing else, so
 * the same run always has the same findings.
 */
export class HealthGuard {
  /** Detectors that have found nothing yet. */
  #detectors: readonly Detector[];

  constructor(loss: LossChoice) {
    const margin = marginOf(loss);
    this.#detectors = [
      collapseDetector(),
      explodingGradientsDetector(),
      lossWithoutRetrievalDetector(),
      ...(margin === null ? [] : [stuckAtMarginDetector(margin)]),
    ];
  }

  onStep(step: HealthStep): HealthFinding[] {
    return this.#ask(step.step, (detector) => detector.onStep?.(step));
  }

  onEvaluation(evaluation: HealthEvaluation): HealthFinding[] {
    return this.#ask(evaluation.step, (detector) => detector.onEvaluation?.(evaluation));
  }

  #ask(step: number, question: (detector: Detector) => Diagnosis | null | undefined): HealthFinding[] {
    const findings: HealthFinding[] = [];
    this.#detectors = this.#detectors.filter((detector) => {
      const diagnosis = question(detector);
      if (diagnosis) findings.push({ kind: detector.kind, step, ...diagnosis });
      return !diagnosis;
    });
    return findings;
  }
}
