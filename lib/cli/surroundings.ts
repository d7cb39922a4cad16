/** What a command sees of the process that it runs in, so that tests can put something else there. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly terminal: Terminal;
  /** Calls back when somebody asks it to end, as with Ctrl-C; until the function that it returns is called, that ends no process. */
  onInterrupt(listener: () => void): () => void;
}

/** Where results are shown, and the keyboard. */
export interface Terminal {
  /** Whether results are shown on a terminal; else they go to a file or a pipe. */
  readonly isTTY: boolean;
  /** Characters in a line, and lines. */
  readonly columns: number;
  readonly rows: number;
  onResize(listener: () => void): () => void;
  /** Keys one by one, without echo, until the function that it returns is called; nothing comes where there is no keyboard. */
  onKeys(listener: (bytes: string) => void): () => void;
}
