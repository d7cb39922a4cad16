import type { Output } from '../command.js';

const ESC = '\u001b[';
const ENTER = `${ESC}?1049h${ESC}?25l${ESC}2J`;
const LEAVE = `${ESC}?25h${ESC}?1049l`;

/**
 * The alternate screen of a terminal (xterm's 1049), without a cursor. `open` → `closed`, by `close()`, or at the latest when the
 * process ends: whatever happens, the terminal is given back as it was.
 */
export class Screen {
  readonly #output: Output;
  readonly #close = () => this.close();
  #isOpen = true;

  constructor(output: Output) {
    this.#output = output;
    process.once('exit', this.#close);
    output.out(ENTER);
  }

  /** Shows these lines in place of what was there. */
  draw(lines: readonly string[]): void {
    // What is left of a longer line, and of more lines, is cleared, so that nothing flickers.
    if (this.#isOpen) this.#output.out(`${ESC}H${lines.map((line) => `${line}${ESC}K`).join('\r\n')}${ESC}J`);
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    process.off('exit', this.#close);
    this.#output.out(LEAVE);
  }
}
