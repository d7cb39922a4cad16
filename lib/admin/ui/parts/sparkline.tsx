import type { Series } from '../state/series.js';

const WIDTH = 240;
const HEIGHT = 44;
const SPAN_MS = 120_000;

/** Busy workers (filled) under the size (line), over the last two minutes up to max. */
export function Sparkline(props: { series: Series; max: number; now: number; label: string }) {
  const { series, max } = props;
  const at = series.column('at');
  const end = at.at(-1) ?? props.now;
  let first = at.length;
  while (first > 0 && at[first - 1]! >= end - SPAN_MS) first -= 1;
  const x = (i: number) => (((at[i]! - end + SPAN_MS) / SPAN_MS) * WIDTH).toFixed(1);
  const y = (value: number) => (HEIGHT - 1 - (Math.min(value, max) / Math.max(1, max)) * (HEIGHT - 3)).toFixed(1);
  const steps = (name: 'busy' | 'size') => {
    const parts: string[] = [];
    const column = series.column(name);
    for (let i = first; i < at.length; i += 1) {
      const value = column[i] ?? null;
      if (value === null) continue;
      parts.push(parts.length === 0 ? `M${x(i)} ${y(value)}` : `H${x(i)}V${y(value)}`);
    }
    return parts.join('');
  };
  if (at.length - first < 2) return <div class="spark spark-empty">The plot fills as the page stays open.</div>;
  return (
    <svg
      class="spark"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={props.label}
    >
      <path class="spark-busy" d={`${steps('busy')}V${HEIGHT}H${x(first)}Z`} />
      <path class="spark-size" d={steps('size')} />
    </svg>
  );
}
