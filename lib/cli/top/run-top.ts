import { knownEvent } from '../api/answers.js';
import type { Connection } from '../api/connection.js';
import { followEvents } from '../api/follow-events.js';
import type { Output } from '../command.js';
import type { Surroundings } from '../surroundings.js';
import { clean, cleaned } from '../text/clean.js';
import { paintFor } from '../text/paint.js';
import { drawn } from './draw.js';
import { keysIn } from './keys.js';
import { pressed, told, type TopModel } from './model.js';
import { Screen } from './screen.js';

/** Between two pictures at least; ages are counted once a second. Milliseconds. */
const FRAME_MS = 100;
const SECOND_MS = 1_000;

/**
 * Shows the pools until somebody quits. The terminal is given back as it was, whatever happens.
 * @throws CommandFailure where the events are refused, or cannot be had from the start.
 */
export async function runTop(
  connection: Connection,
  first: TopModel,
  output: Output,
  surroundings: Surroundings,
): Promise<void> {
  const { terminal } = surroundings;
  const paint = paintFor(surroundings);
  const ended = new AbortController();
  const faults: unknown[] = [];
  let model = first;
  let frame: NodeJS.Timeout | null = null;
  const screen = new Screen(output);

  /** A fault in a listener ends it all, and is told once the terminal is back. */
  const guarded = (act: () => void) => {
    try {
      act();
    } catch (error) {
      faults.push(error);
      ended.abort();
    }
  };
  const draw = () =>
    guarded(() => {
      frame = null;
      const { columns, rows } = terminal;
      screen.draw(drawn(model, { columns, rows, paint, now: Date.now(), url: clean(connection.url) }));
    });
  const soon = () => void (frame ??= setTimeout(draw, FRAME_MS));
  const onKeys = (bytes: string) =>
    guarded(() => {
      for (const key of keysIn(bytes)) {
        if (key === 'quit') return ended.abort();
        model = pressed(model, key);
      }
      draw();
    });

  const clock = setInterval(soon, SECOND_MS);
  const undo: Array<() => void> = [];
  try {
    undo.push(
      surroundings.onInterrupt(() => ended.abort()),
      terminal.onResize(draw),
      terminal.onKeys(onKeys),
    );
    draw();
    for await (const followed of followEvents(connection, ended.signal)) {
      if (followed.kind === 'connected') model = { ...model, link: { state: 'connected' } };
      else if (followed.kind === 'disconnected') {
        const since = model.link.state === 'disconnected' ? model.link.since : Date.now();
        model = {
          ...model,
          link: { state: 'disconnected', since, why: clean(followed.why), retryMs: followed.retryMs },
        };
      } else {
        const known = knownEvent(followed.event.event, cleaned(followed.event.data));
        if (known !== null) model = told(model, known);
      }
      soon();
    }
  } finally {
    clearInterval(clock);
    clearTimeout(frame ?? undefined);
    for (const each of undo.reverse()) each();
    screen.close();
  }
  if (faults.length > 0) throw faults[0];
}
