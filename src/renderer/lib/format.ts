/** Figures, sizes and times as people read them. What is not known is a dash, what is not a number says so. */

const unknown = '–';
const minus = '−';

/** Made once: a format takes far longer to make than to use. */
const counts = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });

/** 12,345 */
export function formatCount(count: number | null): string {
  return count === null ? unknown : counts.format(count);
}

/** `1 run`, `7 runs`. */
export function formatAmount(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** 1.5 MiB: powers of 1,024, three digits. */
export function formatBytes(bytes: number | null): string {
  if (bytes === null) return unknown;
  let value = bytes;
  let unit = 0;
  while (value >= 1023.5 && unit < byteUnits.length - 1) {
    value /= 1024;
    unit++;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${value.toFixed(digits)} ${byteUnits[unit]}`;
}

/** Two units at most: `850 ms`, `4.2 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export function formatDuration(seconds: number | null): string {
  if (seconds === null || !Number.isFinite(seconds)) return unknown;
  if (seconds < 0.0005) return '0 s';
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return twoUnits(whole, 60, 'min', 's');
  // From here on minutes are the smallest unit: rounding first keeps `1 h 60 min` away.
  const minutes = Math.round(seconds / 60);
  if (minutes < 24 * 60) return twoUnits(minutes, 60, 'h', 'min');
  return twoUnits(Math.round(minutes / 60), 24, 'd', 'h');
}

function twoUnits(value: number, perLarge: number, large: string, small: string): string {
  const rest = value % perLarge;
  return rest === 0 ? `${value / perLarge} ${large}` : `${Math.floor(value / perLarge)} ${large} ${rest} ${small}`;
}

/** A metric or loss with `digits` after the point; very small and very large ones in scientific notation. */
export function formatFigure(value: number | null, digits = 4): string {
  if (value === null) return unknown;
  if (Number.isNaN(value)) return 'not a number';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : `${minus}∞`;
  const size = Math.abs(value);
  const text = size !== 0 && (size < 10 ** -digits || size >= 1e7) ? value.toExponential(2) : value.toFixed(digits);
  return text.replaceAll('-', minus).replace('e+', 'e');
}

/** A difference, always with its sign; ±0 where nothing is left of it at `digits`. */
export function formatDelta(value: number | null, digits = 4): string {
  if (value === null || !Number.isFinite(value)) return formatFigure(value, digits);
  const text = Math.abs(value).toFixed(digits);
  if (Number(text) === 0) return `±${text}`;
  return `${value > 0 ? '+' : minus}${text}`;
}

/** An end of an interval: so many digits after the point, however small it is. */
export function formatBound(value: number, digits = 3): string {
  const text = value.toFixed(digits);
  return (Number(text) === 0 ? text.replace('-', '') : text).replace('-', minus);
}

/** A share of 1 as `12.5%`. */
export function formatShare(share: number, digits = 1): string {
  return `${(share * 100).toFixed(digits)}%`;
}

const relative = new Intl.RelativeTimeFormat('en-GB', { numeric: 'auto' });
const date = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const moment = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

/** `5 minutes ago` within the last week, then the date. */
export function formatWhen(iso: string, now = Date.now()): string {
  const seconds = (Date.parse(iso) - now) / 1000;
  if (Math.abs(seconds) < 45) return 'just now';
  if (Math.abs(seconds) < 45 * 60) return relative.format(Math.round(seconds / 60), 'minute');
  if (Math.abs(seconds) < 22 * 3600) return relative.format(Math.round(seconds / 3600), 'hour');
  if (Math.abs(seconds) < 7 * 86_400) return relative.format(Math.round(seconds / 86_400), 'day');
  return date.format(new Date(iso));
}

/** Date and time to the second, in the time zone of this screen. */
export function formatMoment(iso: string): string {
  return moment.format(new Date(iso));
}

/** `0.4213 ± 0.0041`: a mean and the standard deviation over several runs, or the figure of one. */
export function formatMean(
  spread: { readonly mean: number; readonly deviation: number | null } | null,
  digits = 4,
): string {
  if (!spread) return unknown;
  const mean = formatFigure(spread.mean, digits);
  return spread.deviation === null ? mean : `${mean} ± ${spread.deviation.toFixed(digits)}`;
}
