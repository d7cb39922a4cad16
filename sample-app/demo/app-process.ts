import { monitorEventLoopDelay } from 'node:perf_hooks';
import { startApp } from '../app.js';
import { hearDemo, tellDemo } from './messages.js';

// Runs the service as it is, and measures the event loop of its main thread from inside.
const RESOLUTION_MS = 1;
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });

/** The histogram holds nanoseconds between turns of a timer; what exceeds the timer's interval is delay. */
const delayMs = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);

hearDemo((message) => {
  if (message.type === 'reset') delay.reset();
  if (message.type === 'read') {
    const loopDelay = {
      p50: delayMs(delay.percentile(50)),
      p99: delayMs(delay.percentile(99)),
      max: delayMs(delay.max),
    };
    tellDemo({ type: 'loopDelay', loopDelay });
  }
});

const app = await startApp();
delay.enable();
tellDemo({ type: 'listening', url: await app.getUrl() });
