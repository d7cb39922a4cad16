import type { Contender } from './contender.js';

type Start = (threads: number) => Promise<Contender>;

/**
 * Every setting that its documentation or a measurement makes a candidate for the fastest stands as a contender of its
 * own; the file of each says why these. A process starts one, and loads no other library.
 */
export const contenders = {
  ours: async (threads) => (await import('./ours.js')).startOurs(threads),
  'ours parked': async (threads) => (await import('./ours.js')).startOurs(threads, { parking: true }),
  'ours in Nest': async (threads) => (await import('./ours-in-nest.js')).startOursInNest(threads),
  piscina: async (threads) => (await import('./piscina.js')).startPiscina(threads, 1),
  'piscina-8': async (threads) => (await import('./piscina.js')).startPiscina(threads, 8),
  'piscina-64': async (threads) => (await import('./piscina.js')).startPiscina(threads, 64, 'async'),
  tinypool: async (threads) => (await import('./tinypool.js')).startTinypool(threads, 1),
  'tinypool-8': async (threads) => (await import('./tinypool.js')).startTinypool(threads, 8),
  'tinypool-64': async (threads) => (await import('./tinypool.js')).startTinypool(threads, 64),
  workerpool: async (threads) => (await import('./workerpool.js')).startWorkerpool(threads),
  poolifier: async (threads) => (await import('./poolifier.js')).startPoolifier(threads),
  'poolifier-queue': async (threads) => (await import('./poolifier.js')).startPoolifier(threads, { concurrency: 8 }),
  raw: async (threads) => (await import('./raw.js')).startRaw(threads),
} as const satisfies Record<string, Start>;

export type ContenderName = keyof typeof contenders;
