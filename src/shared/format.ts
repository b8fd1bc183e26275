/**
 * Formats all numbers that people read: on screens, in terminals, reports and messages. Unknown values are a dash,
 * minus is a minus sign, and units follow a space.
 */

const unknown = '–';
const minus = '−';

/** Created once: creating a format takes much longer than using it. */
const counts = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });

/** 12,345 */
export function formatCount(count: number | null): string {
  return count === null ? unknown : counts.format(count);
}

/** `1 run`, `7 runs`. */
export function formatAmount(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** A mean of counts: `1.8`, `58`. */
export function formatMeanCount(count: number | null): string {
  if (count === null) return unknown;
  return count < 10 ? count.toFixed(1) : formatCount(Math.round(count));
}

/** Memory, in powers of two: `1.50 GiB`. */
export function formatMemory(bytes: number | null): string {
  return inUnits(bytes, 1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB']);
}

/** Files, disks and downloads, in powers of ten: `1.50 GB`. */
export function formatBytes(bytes: number | null): string {
  return inUnits(bytes, 1000, ['B', 'kB', 'MB', 'GB', 'TB']);
}

/** Three digits, in the largest unit with a value of 1 or more. */
function inUnits(bytes: number | null, step: number, units: readonly string[]): string {
  if (bytes === null) return unknown;
  let value = bytes;
  let unit = 0;
  while (value >= step - 0.5 && unit < units.length - 1) {
    value /= step;
    unit++;
  }
  if (unit === 0 || value >= 99.95) return `${counts.format(value)} ${units[unit]}`;
  return `${value.toFixed(value >= 9.995 ? 1 : 2)} ${units[unit]}`;
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
  // From here on minutes are the smallest unit: rounding first prevents `1 h 60 min`.
  const minutes = Math.round(seconds / 60);
  if (minutes < 24 * 60) return twoUnits(minutes, 60, 'h', 'min');
  return twoUnits(Math.round(minutes / 60), 24, 'd', 'h');
}

function twoUnits(value: number, perLarge: number, large: string, small: string): string {
  const rest = value % perLarge;
  return rest === 0 ? `${value / perLarge} ${large}` : `${Math.floor(value / perLarge)} ${large} ${rest} ${small}`;
}

/** A metric or loss with `digits` decimals; very small and very large values in scientific notation. */
export function formatFigure(value: number | null, digits = 4): string {
  if (value === null) return unknown;
  const size = Math.abs(value);
  const scientific = Number.isFinite(value) && size !== 0 && (size < 10 ** -digits || size >= 1e7);
  return scientific ? withMinus(value.toExponential(2)) : formatDecimal(value, digits);
}

/** A fixed number of decimals, also for very small values; never −0. */
export function formatDecimal(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return withMinus(Number(text) === 0 ? text.replace('-', '') : text);
}

/** A difference, always with its sign; ±0 if it rounds to zero at `digits`. */
export function formatDelta(value: number | null, digits = 4): string {
  if (value === null || !Number.isFinite(value)) return formatFigure(value, digits);
  const text = formatDecimal(value, digits);
  return `${Number(text) === 0 ? '±' : value > 0 ? '+' : ''}${text}`;
}

/** Significant digits, for values of any size: norms, losses. */
export function formatSignificant(value: number, digits = 3): string {
  return withMinus(value.toPrecision(digits));
}

/** Up to six significant digits, for measured values in any unit. */
export function formatMeasured(value: number): string {
  return withMinus(String(Number(value.toPrecision(6))));
}

/** The result of a test: `0.012`, `<0.001`. */
export function formatProbability(p: number): string {
  return p < 0.001 ? '<0.001' : formatDecimal(p, 3);
}

/** A share of 1 as `12.5 %`. */
export function formatShare(share: number, digits = 1): string {
  return `${formatDecimal(100 * share, digits)} %`;
}

/** `0.4213 ± 0.0041`: a mean and the standard deviation over several runs, or the value of one run. */
export function formatMean(
  spread: { readonly mean: number; readonly deviation: number | null } | null,
  digits = 4,
): string {
  if (!spread) return unknown;
  const mean = formatFigure(spread.mean, digits);
  return spread.deviation === null ? mean : `${mean} ± ${formatDecimal(spread.deviation, digits)}`;
}

/** In JavaScript's notation, with a real minus sign; infinity as ∞. */
function withMinus(text: string): string {
  return text.replaceAll('-', minus).replace('e+', 'e').replace('Infinity', '∞');
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

/** The beginning of a text, with a mark where something is missing. */
export function formatBeginning(text: string, characters: number): string {
  return text.length <= characters ? text : `${text.slice(0, characters)}…`;
}
