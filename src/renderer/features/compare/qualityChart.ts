import type { ComparedRecipe } from '../../../shared/comparison.ts';
import type { ComputeUnit } from '../../../shared/compute.ts';
import { paretoFrontier, type Offer } from '../../../shared/frontier.ts';
import { metricTitle, type MetricName } from '../../../shared/metrics.ts';
import type { Curve, LineChart } from '../../charts/chart.ts';
import type { LineStyle } from '../../charts/palette.ts';
import { computeTitles } from './compute.ts';
import { baselineCurves } from './curves.ts';
import { recipeRowId, type BaselineRow } from './rows.ts';

const frontierStyle: LineStyle = { colour: null, pattern: 'solid' };

/** What a recipe's quality costs: its mean at each evaluation against what its runs had spent, and the best to be had for each price. */
export function qualityChart(
  recipes: readonly ComparedRecipe[],
  baselines: readonly BaselineRow[],
  metric: MetricName,
  unit: ComputeUnit,
  styles: ReadonlyMap<string, LineStyle>,
): LineChart {
  const offers = recipes
    .map((recipe) => ({ recipe, offers: offersOf(recipe, metric, unit) }))
    .filter(({ offers: own }) => own.length > 0);
  const curves = offers.map(({ recipe, offers: own }): Curve => {
    const id = recipeRowId(recipe);
    return { id, name: recipe.name, style: styles.get(id)!, marked: true, ...coordinates(own) };
  });
  const all = offers.flatMap(({ offers: own }) => own);
  const end = all.reduce((furthest, { cost }) => Math.max(furthest, cost), 0);
  return {
    kind: 'lines',
    title: `${metricTitle(metric)} against cost`,
    xTitle: computeTitles[unit],
    wholeX: unit !== 'seconds',
    yTitle: '',
    logY: false,
    digits: 4,
    curves: [...baselineCurves(baselines, metric, end), frontierCurve(all, end), ...curves],
  };
}

/** Names of those whose evaluations lie on the frontier, by cost. */
export function frontierNames(recipes: readonly ComparedRecipe[], metric: MetricName, unit: ComputeUnit): string[] {
  const offers = recipes.flatMap((recipe) =>
    offersOf(recipe, metric, unit).map((offer) => ({ ...offer, name: recipe.name })),
  );
  return [...new Set(paretoFrontier(offers).map(({ name }) => name))];
}

function offersOf({ evaluations }: ComparedRecipe, metric: MetricName, unit: ComputeUnit): Offer[] {
  return evaluations
    .flatMap(({ step, compute, metrics }): Offer[] =>
      step > 0 && metrics[metric] ? [{ cost: compute[unit], quality: metrics[metric].mean }] : [],
    )
    .filter(({ cost }) => Number.isFinite(cost));
}

/** Stairs: what has been reached for a price can be had for any higher one. */
function frontierCurve(offers: readonly Offer[], end: number): Curve {
  const frontier = paretoFrontier(offers);
  const last = frontier.at(-1);
  return {
    id: 'frontier',
    name: 'Frontier',
    style: frontierStyle,
    stairs: true,
    ...coordinates(last && last.cost < end ? [...frontier, { ...last, cost: end }] : frontier),
  };
}

function coordinates(offers: readonly Offer[]): Pick<Curve, 'x' | 'y'> {
  return { x: offers.map(({ cost }) => cost), y: offers.map(({ quality }) => quality) };
}
