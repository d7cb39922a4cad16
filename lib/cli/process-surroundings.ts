import type { Surroundings } from './surroundings.js';

const { stdin, stdout } = process;

/** A hang-up or a polite kill is to leave the terminal as it was, as Ctrl-C is. */
const INTERRUPTS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Those of this process. */
export const processSurroundings: Surroundings = {
  env: process.env,
  terminal: {
    get isTTY() {
      return stdout.isTTY === true && process.env['TERM'] !== 'dumb';
    },
    get columns() {
      return stdout.columns || 80; // 0 where the terminal does not know, as in some containers
    },
    get rows() {
      return stdout.rows || 24;
    },
    onResize(listener) {
      stdout.on('resize', listener);
      return () => void stdout.off('resize', listener);
    },
    onKeys(listener) {
      if (stdin.isTTY !== true) return () => undefined;
      const heard = (bytes: Buffer) => listener(bytes.toString('latin1'));
      stdin.setRawMode(true);
      stdin.on('data', heard).resume();
      return () => {
        stdin.off('data', heard).pause();
        stdin.setRawMode(false);
      };
    },
  },
  onInterrupt(listener) {
    for (const signal of INTERRUPTS) process.on(signal, listener);
    return () => {
      for (const signal of INTERRUPTS) process.off(signal, listener);
    };
  },
};
