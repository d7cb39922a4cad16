import { BigValueGraphMode, LegendPlacement, VizLegendOptionsBuilder } from '@grafana/grafana-foundation-sdk/common';
import { LegendDisplayMode, SortOrder, TooltipDisplayMode } from '@grafana/grafana-foundation-sdk/common';
import { ReduceDataOptionsBuilder, VizTooltipOptionsBuilder } from '@grafana/grafana-foundation-sdk/common';
import { ThresholdsConfigBuilder, ThresholdsMode } from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TimeSeriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import type { Query } from './queries.js';

/** The data source that is chosen at the top. */
export const DATA_SOURCE = { type: 'prometheus', uid: '${datasource}' } as const;

interface Looks {
  /** What it tells, and what is amiss where it shows it. */
  readonly description: string;
  /** Grafana's name of the unit. */
  readonly unit: string;
  /** Of the 24 columns. */
  readonly width: number;
  readonly queries: readonly Query[];
}

interface StatLooks extends Looks {
  /** Orange from the first, red from the second on. */
  readonly thresholds: readonly [number, number];
}

/** Lines over time. */
export function lines(title: string, { description, unit, width, queries }: Looks): TimeSeriesBuilder {
  const legend = new VizLegendOptionsBuilder()
    .displayMode(LegendDisplayMode.List)
    .placement(LegendPlacement.Bottom)
    .showLegend(true);
  return new TimeSeriesBuilder()
    .title(title)
    .description(description)
    .datasource(DATA_SOURCE)
    .unit(unit)
    .min(0)
    .span(width)
    .height(8)
    .lineWidth(1)
    .fillOpacity(8)
    .legend(legend)
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending))
    .targets(queries.map((query, index) => target(query, index).range()));
}

/** The latest value of each pool, coloured. */
export function stat(title: string, { description, unit, width, queries, thresholds }: StatLooks): StatBuilder {
  const [orange, red] = thresholds;
  const colours = new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([
    { value: null, color: 'green' },
    { value: orange, color: 'orange' },
    { value: red, color: 'red' },
  ]);
  return new StatBuilder()
    .title(title)
    .description(description)
    .datasource(DATA_SOURCE)
    .unit(unit)
    .span(width)
    .height(6)
    .noValue('none')
    .graphMode(BigValueGraphMode.None)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .thresholds(colours)
    .targets(queries.map((query, index) => target(query, index).instant()));
}

function target({ expr, legend }: Query, index: number): DataqueryBuilder {
  return new DataqueryBuilder()
    .refId(String.fromCodePoint(65 + index))
    .datasource(DATA_SOURCE)
    .expr(expr)
    .legendFormat(legend);
}
