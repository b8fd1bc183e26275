import type { ComparedRecipe } from '../../comparison.ts';
import type { ComputeUnit } from '../../compute.ts';
import { paretoFrontier, type Offer } from '../../frontier.ts';
import { metricTitle, type MetricName } from '../../metrics.ts';
import { bandOf, type BandKind, type Spread } from '../../spread.ts';
import { spreadTitle, type BandChoice } from '../groups.ts';
import type { Band, Curve, LineChart } from '../../charts/chart.ts';
import { frontierStyle, type SeriesStyle } from '../../charts/palette.ts';
import { computeTitles } from '../compute.ts';
import { baselineCurves } from './curves.ts';
import { recipeRowId, type BaselineRow } from '../rows.ts';

export interface QualityOptions {
  readonly metric: MetricName;
  readonly unit: ComputeUnit;
  readonly band: BandChoice;
  /** Of recipe rows. */
  readonly styles: ReadonlyMap<string, SeriesStyle>;
}

/** What a recipe's quality costs: its mean at each evaluation against what its runs had spent, and the best to be had for each price. */
export function qualityChart(
  recipes: readonly ComparedRecipe[],
  baselines: readonly BaselineRow[],
  { metric, unit, band, styles }: QualityOptions,
): LineChart {
  const offers = recipes
    .map((recipe) => ({ recipe, offers: offersOf(recipe, metric, unit) }))
    .filter(({ offers: own }) => own.length > 0);
  const curves = offers.map(({ recipe, offers: own }): Curve => {
    const id = recipeRowId(recipe);
    return {
      id,
      name: recipe.name,
      style: styles.get(id)!,
      marked: true,
      ...coordinates(own),
      ...(band !== 'runs' && recipe.runs.length > 1 && { band: bandAround(own, band) }),
    };
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
    ...spreadTitle(recipes, band),
  };
}

/** Names of those whose evaluations lie on the frontier, by cost. */
export function frontierNames(recipes: readonly ComparedRecipe[], metric: MetricName, unit: ComputeUnit): string[] {
  const offers = recipes.flatMap((recipe) =>
    offersOf(recipe, metric, unit).map((offer) => ({ ...offer, name: recipe.name })),
  );
  return [...new Set(paretoFrontier(offers).map(({ name }) => name))];
}

interface SpreadOffer extends Offer {
  readonly spread: Spread;
}

function offersOf({ evaluations }: ComparedRecipe, metric: MetricName, unit: ComputeUnit): SpreadOffer[] {
  return evaluations
    .flatMap(({ step, compute, metrics: { [metric]: spread } }): SpreadOffer[] =>
      step > 0 && spread ? [{ cost: compute[unit], quality: spread.mean, spread }] : [],
    )
    .filter(({ cost }) => Number.isFinite(cost));
}

function bandAround(offers: readonly SpreadOffer[], kind: BandKind): Band {
  const ranges = offers.map(({ spread }) => bandOf(spread, kind));
  return {
    low: ranges.map((range) => range?.low ?? NaN),
    high: ranges.map((range) => range?.high ?? NaN),
    counts: offers.map(({ spread }) => spread.count),
  };
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
