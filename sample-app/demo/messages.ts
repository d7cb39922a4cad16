/** Milliseconds. */
export interface Quantiles {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export interface LoadFigures {
  /** Thumbnails per second. */
  readonly throughput: number;
  readonly thumbnails: number;
  readonly reports: number;
  readonly pings: number;
  readonly thumbnailLatency: Quantiles;
  readonly pingLatency: Quantiles;
  /** What was wrong with responses, if anything. */
  readonly wrong: readonly string[];
}

export interface LoadOrder {
  readonly url: string;
  readonly seconds: number;
}

/** Between the demo and its two child processes. */
export type Message =
  | { readonly type: 'listening'; readonly url: string }
  | { readonly type: 'reset' }
  | { readonly type: 'read' }
  | { readonly type: 'loopDelay'; readonly loopDelay: Quantiles }
  | { readonly type: 'load'; readonly order: LoadOrder }
  | { readonly type: 'loaded'; readonly figures: LoadFigures };

/** Sends to the demo. */
export function tellDemo(message: Message): void {
  process.send?.(message);
}

/** Hears the demo; the process ends when the demo is gone, however that came. */
export function hearDemo(listener: (message: Message) => void): void {
  process.on('message', listener);
  process.on('disconnect', () => process.exit());
}
