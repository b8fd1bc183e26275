import { z } from 'zod';
import { metricNames, type MetricName } from '../metrics.ts';
import { bandKinds } from '../spread.ts';

/** A page that opens without a network, a table for a paper, the value of each run on each test question. */
export const reportFormats = ['html', 'latex', 'per_query'] as const;
export type ReportFormat = (typeof reportFormats)[number];

export const reportRequest = z.strictObject({
  runs: z.array(z.string()).min(1).max(200),
  format: z.enum(reportFormats),
  metric: z.enum(metricNames as [MetricName, ...MetricName[]]),
  /** Of the page's chart. */
  band: z.enum(bandKinds).default('ci95'),
});
export type ReportRequest = z.output<typeof reportRequest>;
