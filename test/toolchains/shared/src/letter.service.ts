import { threadId } from 'node:worker_threads';
import { Injectable } from '@nestjs/common';
import { PooledTask } from 'nestjs-dynamic-pool';
import { OutOfPaper } from './errors.js';

/** States of a `spin`, as its caller sees them. */
export const SPINNING = 1;
export const SAW_ABORT = 2;

/** Nothing is injected here. */
@Injectable()
export class LetterService {
  @PooledTask('work')
  async count(text: string): Promise<{ letters: number; threadId: number }> {
    return { letters: text.replaceAll(/\P{L}/gu, '').length, threadId };
  }

  @PooledTask('work')
  async print(sheets: number): Promise<void> {
    throw new OutOfPaper('no paper', sheets);
  }

  /** Turns until it is told to stop, and never awaits anything. */
  @PooledTask('work')
  async spin(state: Int32Array, signal: AbortSignal): Promise<void> {
    Atomics.store(state, 0, SPINNING);
    try {
      for (;;) signal.throwIfAborted();
    } finally {
      Atomics.store(state, 0, SAW_ABORT);
    }
  }
}
