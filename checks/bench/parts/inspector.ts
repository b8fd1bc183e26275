import { runScript, say } from '../child.ts';
import { plain, under, type Figure } from '../figures.ts';
import type { BenchPart } from '../part.ts';

export const inspector: BenchPart = { what: 'queries of the inspector', devices: ['cpu'], short: false, run };

interface InspectorFigures {
  readonly answers: number;
  readonly first: number;
  readonly one: number;
  readonly three: number;
}

async function run(): Promise<Figure[]> {
  return [...(await withDimension(512)), ...(await withDimension(1024))];
}

async function withDimension(dimension: number): Promise<Figure[]> {
  say(`The inspector on 100,000 answers, ${dimension} numbers each`);
  const { answers, first, one, three } = await runScript<InspectorFigures>('inspector.ts', dimension);
  const what = `${answers.toLocaleString('en')} answers × ${dimension}`;
  return [
    plain(`inspector, first query: ${what} encoded`, `${first.toFixed(1)} s`),
    under(`inspector, a query against ${what}`, one, 100, 'ms'),
    plain('the same under three encoders', `${three.toFixed(0)} ms`),
  ];
}
