import type { ComparedRecipe } from '../../shared/comparison.ts';
import type { Spread } from '../../shared/spread.ts';
import { andList } from '../../shared/andList.ts';

/** Seeds and the last batch of an epoch make figures differ a little; losses make them differ by far more. */
const tolerance = 0.1;

/**
 * In how much recipes get from a step, where that differs: in words, with figures. It lies in the losses and strategies
 * themselves, and is no fault; but equal steps are not equal work.
 */
export function unequalSteps(recipes: readonly ComparedRecipe[]): string[] {
  const negatives = known(recipes, ({ negatives_per_question }) => negatives_per_question);
  const texts = known(recipes, ({ texts_per_step }) => texts_per_step);
  return [
    ...(differ(negatives)
      ? [
          `The losses compare a question with different numbers of other answers: ${listed(negatives)}. This follows from the losses and is not an error.`,
        ]
      : []),
    ...(differ(texts)
      ? [`A step encodes different numbers of texts: ${listed(texts)}. Compare them at equal seconds or tokens, too.`]
      : []),
  ];
}

interface Figure {
  readonly name: string;
  readonly value: number;
}

function known(recipes: readonly ComparedRecipe[], of: (recipe: ComparedRecipe) => Spread | null): Figure[] {
  return recipes.flatMap((recipe) => {
    const spread = of(recipe);
    return spread ? [{ name: recipe.name, value: spread.mean }] : [];
  });
}

function differ(figures: readonly Figure[]): boolean {
  const values = figures.map(({ value }) => value);
  return figures.length > 1 && Math.max(...values) > (1 + tolerance) * Math.min(...values);
}

/** Recipes with about the same figure together, the highest first: "A and B 63, C 1". */
function listed(figures: readonly Figure[]): string {
  const rounded = figures.map(({ name, value }) => ({
    name,
    value: value < 10 ? Number(value.toFixed(1)) : Math.round(value),
  }));
  const groups = [...Map.groupBy(rounded, ({ value }) => value)].sort(([a], [b]) => b - a);
  return groups.map(([value, group]) => `${andList(group.map(({ name }) => name))} ${value}`).join(', ');
}
