import { short } from './markup.js';
import type { Scale } from './scales.js';
import type { Series } from './series.js';

/** A line through the middles of the steps. */
export function line({ stepMs, values }: Series, x: Scale, y: Scale): string {
  return [...values]
    .map((value, step) => `${step === 0 ? 'M' : 'L'}${short(x((step + 0.5) * stepMs))} ${short(y(value))}`)
    .join('');
}

/** The same down to `floor`, to be filled. */
export function area(series: Series, x: Scale, y: Scale, floor: number): string {
  const first = short(x(series.stepMs / 2));
  const last = short(x((series.values.length - 0.5) * series.stepMs));
  return `${line(series, x, y)}L${last} ${short(floor)}L${first} ${short(floor)}Z`;
}

/** A line of steps: each value holds until the next. */
export function stairs(
  changes: readonly { readonly at: number; readonly value: number }[],
  untilMs: number,
  x: Scale,
  y: Scale,
): string {
  const steps = changes.map(({ at, value }, index) =>
    index === 0 ? `M${short(x(at))} ${short(y(value))}` : `H${short(x(at))}V${short(y(value))}`,
  );
  return `${steps.join('')}H${short(x(untilMs))}`;
}

/** Small triangles, one to a pixel at most: upwards, or downwards. */
export function triangles(times: readonly number[], x: Scale, y: number, isUp: boolean): string {
  const tip = isUp ? -4 : 4;
  const pixels = new Set(times.map((at) => Math.round(x(at))));
  return [...pixels].map((pixel) => `M${pixel - 2} ${y}l2 ${tip} 2 ${-tip}z`).join('');
}

/** Short upright strokes, one to a pixel at most. */
export function strokes(times: readonly number[], x: Scale, y: number): string {
  const pixels = new Set(times.map((at) => Math.round(x(at))));
  return [...pixels].map((pixel) => `M${pixel} ${y - 2}v4`).join('');
}
