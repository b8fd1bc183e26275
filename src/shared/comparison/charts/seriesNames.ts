/** What is recorded at every step, and what it is called. */

/** What is measured in the same unit whatever the loss; everything else is the loss's own. */
export const sharedSeries: Readonly<Record<string, string>> = {
  gradient_norm: 'Gradient norm',
  learning_rate: 'Learning rate',
  step_seconds: 'Seconds per step',
  tokens: 'Tokens per step',
  texts: 'Texts per step',
  negatives_per_question: 'Negatives per question',
};

/** What a screen does not offer as a curve: it is what others are drawn against. */
const axisSeries = ['documents', 'training_seconds'];

export function seriesTitle(name: string): string {
  return sharedSeries[name] ?? (name === 'loss' ? 'Training loss' : `Batch metric: ${name.replaceAll('_', ' ')}`);
}

/** Names that can be drawn, the loss first. */
export function drawableSeries(names: readonly string[]): string[] {
  const order = ['loss', ...Object.keys(sharedSeries)];
  const rank = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length);
  return names.filter((name) => !axisSeries.includes(name)).sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
}
