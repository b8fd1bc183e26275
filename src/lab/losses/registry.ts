import type { LossChoice, LossName } from '../../shared/recipe.ts';
import { batchTriplet } from './batchTriplet.ts';
import { bestAnswer } from './bestAnswer.ts';
import { configure, type ConfiguredLoss } from './configuredLoss.ts';
import { cosent } from './cosent.ts';
import { decoupledInfonce } from './decoupledInfonce.ts';
import { hardNegative } from './hardNegative.ts';
import { hardnessInfonce } from './hardnessInfonce.ts';
import { infonce } from './infonce.ts';
import { infonceHardNegatives } from './infonceHardNegatives.ts';
import { lambdaLoss } from './lambdaLoss.ts';
import { listMle } from './listMle.ts';
import { listwise } from './listwise.ts';
import type { Loss } from './loss.ts';
import { marginMse } from './marginMse.ts';
import { meanSquaredError } from './meanSquaredError.ts';
import { multiplePositives } from './multiplePositives.ts';
import { pairwiseLogistic } from './pairwiseLogistic.ts';
import { perAnswerInfonce } from './perAnswerInfonce.ts';
import { rankInfonce } from './rankInfonce.ts';
import { relaxedHardNegative } from './relaxedHardNegative.ts';
import { standardInfonce } from './standardInfonce.ts';
import { triplet } from './triplet.ts';

/** Every loss, by name. */
export const losses: { readonly [N in LossName]: Loss<N> } = {
  infonce,
  standard_infonce: standardInfonce,
  rank_infonce: rankInfonce,
  multiple_positives: multiplePositives,
  hard_negative: hardNegative,
  relaxed_hard_neg: relaxedHardNegative,
  triplet,
  listwise,
  mse: meanSquaredError,
  pairwise_logistic: pairwiseLogistic,
  lambda_loss: lambdaLoss,
  list_mle: listMle,
  margin_mse: marginMse,
  cosent,
  infonce_hard_negatives: infonceHardNegatives,
  best_answer: bestAnswer,
  per_answer_infonce: perAnswerInfonce,
  hardness_infonce: hardnessInfonce,
  decoupled_infonce: decoupledInfonce,
  batch_triplet: batchTriplet,
};

export function configureLoss({ name, parameters }: LossChoice): ConfiguredLoss {
  // The name and the parameters of a choice belong together; TypeScript cannot follow that through the lookup.
  return configure(losses[name] as Loss, parameters);
}
