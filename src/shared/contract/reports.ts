import { z } from 'zod';
import { metricNames, type MetricName } from '../metrics.ts';
import { bandKinds } from '../spread.ts';

/** A self-contained page, a LaTeX table, or the value of each run on each test question. */
export const reportFormats = ['html', 'latex', 'per_query'] as const;
export type ReportFormat = (typeof reportFormats)[number];

export const reportRequest = z.strictObject({
  runs: z.array(z.string()).min(1).max(200),
  format: z.enum(reportFormats),
  metric: z.enum(metricNames as [MetricName, ...MetricName[]]),
  /** Bands in the chart of the page. */
  band: z.enum(bandKinds).default('ci95'),
});
export type ReportRequest = z.output<typeof reportRequest>;
