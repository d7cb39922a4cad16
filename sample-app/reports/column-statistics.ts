import type { ColumnStatistics, NumberColumn, TextColumn } from './report.js';

const TOP_VALUES = 10;

/** Describes one column of a table; blank cells count as missing. */
export function describeColumn(name: string, cells: readonly string[]): ColumnStatistics {
  const values = cells.map((cell) => cell.trim()).filter((cell) => cell !== '');
  const common = { name, count: values.length, missing: cells.length - values.length };
  const numbers = values.map(Number);
  const isNumeric = numbers.length > 0 && numbers.every(Number.isFinite);
  return isNumeric ? { ...common, ...describeNumbers(numbers) } : { ...common, ...describeTexts(values) };
}

type Described<C> = Omit<C, 'name' | 'count' | 'missing'>;

function describeNumbers(numbers: readonly number[]): Described<NumberColumn> {
  const sorted = Float64Array.from(numbers).sort();
  const mean = sum(sorted) / sorted.length;
  const squares = sum(sorted.map((value) => (value - mean) ** 2));
  return {
    type: 'number',
    min: quantile(sorted, 0),
    max: quantile(sorted, 1),
    mean,
    standardDeviation: sorted.length > 1 ? Math.sqrt(squares / (sorted.length - 1)) : 0,
    median: quantile(sorted, 0.5),
    p90: quantile(sorted, 0.9),
    p99: quantile(sorted, 0.99),
  };
}

function describeTexts(values: readonly string[]): Described<TextColumn> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const top = [...counts]
    .sort(([a, times], [b, otherTimes]) => otherTimes - times || (a < b ? -1 : 1))
    .slice(0, TOP_VALUES)
    .map(([value, count]) => ({ value, count }));
  return { type: 'text', distinct: counts.size, top };
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Linear interpolation between the two nearest ranks (type 7 of Hyndman and Fan, 1996). */
function quantile(sorted: Float64Array, q: number): number {
  const position = (sorted.length - 1) * q;
  const below = sorted[Math.floor(position)] ?? NaN;
  const above = sorted[Math.ceil(position)] ?? NaN;
  return below + (above - below) * (position % 1);
}
