import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import { timeOfDay } from '../format.js';

/** One line of a plot. `color` names a CSS variable. */
export interface Line {
  readonly label: string;
  readonly color: string;
  readonly data: readonly (number | null)[];
  readonly text: (value: number) => string;
  readonly fill?: boolean;
  readonly dash?: boolean;
  /** Holds its value until the next one, as sizes do. */
  readonly stepped?: boolean;
  /** On the scale at the right. */
  readonly right?: boolean;
}

export interface PlotProps {
  readonly title: string;
  readonly at: readonly number[];
  readonly lines: readonly Line[];
  /** Both in milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
  readonly height: number;
  /** Plots of one group share the cursor. */
  readonly group?: string;
  /** The plot is built anew when it changes: colours are read once. */
  readonly theme: string;
  readonly axisText?: (value: number) => string;
}

/** A plot over time with its legend, which tells the latest values, or those under the cursor. */
export function Plot(props: PlotProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const [cursor, setCursor] = useState<number | null>(null);
  const shape = props.lines.map(({ label }) => label).join() + props.theme;

  useEffect(() => {
    const element = place.current!;
    const made = new uPlot(optionsOf(latest.current, element, setCursor), dataOf(latest.current), element);
    plot.current = made;
    const follow = new ResizeObserver(() => {
      if (element.clientWidth > 0) made.setSize({ width: element.clientWidth, height: latest.current.height });
    });
    follow.observe(element);
    return () => {
      follow.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [shape]);

  useEffect(() => {
    const made = plot.current;
    if (!made) return;
    made.batch(() => {
      made.setData(dataOf(props), false);
      made.setScale('x', { min: props.from, max: props.to });
    });
  });

  const shown = cursor !== null && cursor < props.at.length ? cursor : props.at.length - 1;
  return (
    <figure class="plot">
      <figcaption>
        <span class="plot-title">{props.title}</span>
        <span class="plot-at">
          {cursor !== null && props.at[shown] !== undefined ? timeOfDay(props.at[shown]) : ''}
        </span>
        <ul class="legend">
          {props.lines.map((line) => {
            const value = line.data[shown];
            return (
              <li key={line.label}>
                <span class={`swatch swatch${line.color} ${line.dash ? 'is-dashed' : ''}`} aria-hidden="true" />
                {line.label} <b>{value === null || value === undefined ? '–' : line.text(value)}</b>
              </li>
            );
          })}
        </ul>
      </figcaption>
      <div class="plot-place" ref={place} role="img" aria-label={`${props.title}: plot over time`} />
    </figure>
  );
}

function dataOf({ at, lines }: PlotProps): uPlot.AlignedData {
  return [at as number[], ...lines.map(({ data }) => data as (number | null)[])];
}

function optionsOf(props: PlotProps, element: HTMLElement, onCursor: (index: number | null) => void): uPlot.Options {
  const styles = getComputedStyle(element);
  const color = (name: string) => styles.getPropertyValue(name).trim();
  const hasRight = props.lines.some(({ right }) => right);
  const font = `11px ${styles.fontFamily}`;
  const axis = { stroke: color('--muted'), font, ticks: { show: false }, gap: 6 };
  const grid = { stroke: color('--grid'), width: 1 };
  const values = (_: uPlot, splits: number[]) => splits.map((value) => (props.axisText ?? String)(value));
  return {
    width: Math.max(200, element.clientWidth),
    height: props.height,
    ms: 1,
    legend: { show: false },
    padding: [8, hasRight ? 0 : 10, 0, 0],
    cursor: {
      drag: { x: false, y: false },
      y: false,
      points: { size: 6 },
      ...(props.group === undefined ? {} : { sync: { key: props.group } }),
    },
    hooks: { setCursor: [(plot) => onCursor(plot.cursor.idx ?? null)] },
    scales: {
      x: { time: true, auto: false, min: props.from, max: props.to },
      y: { range: fromZero },
      right: { range: fromZero },
    },
    axes: [
      { ...axis, grid, size: 26, space: 80, values: clockTexts, incrs: TIME_STEPS },
      { ...axis, grid, size: 46, space: 28, values, incrs: STEPS },
      ...(hasRight
        ? [{ ...axis, scale: 'right', side: 1, size: 46, space: 28, grid: { show: false }, incrs: STEPS }]
        : []),
    ],
    series: [
      {},
      ...props.lines.map((line) => ({
        label: line.label,
        scale: line.right ? 'right' : 'y',
        stroke: color(line.color),
        width: line.fill ? 1 : 1.75,
        points: { show: false },
        ...(line.fill ? { fill: `${color(line.color)}38` } : {}),
        ...(line.dash ? { dash: [5, 4] } : {}),
        ...(line.stepped ? { paths: uPlot.paths.stepped!({ align: 1 }) } : {}),
      })),
    ],
  };
}

/** Whole numbers only: workers and tasks have no halves. */
const STEPS = [1, 2, 5]
  .flatMap((step) => Array.from({ length: 9 }, (_, power) => step * 10 ** power))
  .sort((a, b) => a - b);

/** Seconds to an hour, in milliseconds. */
const TIME_STEPS = [5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600].map((seconds) => seconds * 1000);

function clockTexts(_: uPlot, splits: number[], __: number, ___: number, step: number): string[] {
  return splits.map((at) => (step < 60_000 ? timeOfDay(at) : timeOfDay(at).slice(0, 5)));
}

/** Whole steps from 0: a flat line at 0 still has a scale. */
function fromZero(_: uPlot, __: number, max: number): uPlot.Range.MinMax {
  return [0, Math.max(1, (Number.isFinite(max) ? max : 0) * 1.12)];
}
