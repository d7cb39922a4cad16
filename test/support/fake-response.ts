import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createParser } from 'eventsource-parser';

/** An event as a client reads it. */
export interface ReadEvent {
  readonly id: string;
  readonly seq: number;
  readonly event: string;
  readonly data: any;
}

/** The answer to a client: what is written waits until it is read, as with a socket whose buffers are full. */
export class FakeResponse extends EventEmitter {
  status = 0;
  headers: Record<string, string> = {};
  writableLength = 0;
  writableNeedDrain = false;
  writableEnded = false;
  destroyed = false;
  shouldKeepAlive = true;
  /** How many times something was written. */
  writes = 0;
  text = '';
  /** Whether somebody reads at the other end. */
  isRead: boolean;

  constructor(isRead = true) {
    super();
    this.isRead = isRead;
  }

  writeHead(status: number, headers: Record<string, string>): this {
    this.status = status;
    this.headers = headers;
    return this;
  }

  write(bytes: Buffer): boolean {
    this.writes++;
    this.text += bytes.toString();
    if (this.isRead) return true;
    this.writableLength += bytes.length;
    this.writableNeedDrain = this.writableLength > 1_000;
    return !this.writableNeedDrain;
  }

  end(text = ''): this {
    this.text += text;
    this.writableEnded = true;
    this.close();
    return this;
  }

  destroy(): this {
    this.destroyed = true;
    this.close();
    return this;
  }

  close(): void {
    this.emit('close');
  }

  /** The other end reads all that there is. */
  drain(): void {
    this.writableLength = 0;
    if (!this.writableNeedDrain) return;
    this.writableNeedDrain = false;
    this.emit('drain');
  }

  /** What was written, as a client of this protocol reads it, from some character on. */
  read(from = 0): ReadEvent[] {
    return readEvents(this.text.slice(from));
  }

  get asResponse(): ServerResponse {
    return this as unknown as ServerResponse;
  }
}

export const someRequest = { socket: { destroyed: false } } as unknown as IncomingMessage;

/** The events in a text, in order. */
export function readEvents(text: string): ReadEvent[] {
  const events: ReadEvent[] = [];
  const parser = createParser({
    onEvent: ({ id = '', event = '', data }) =>
      events.push({ id, seq: Number(id.split('-')[1]), event, data: JSON.parse(data) }),
  });
  parser.feed(text);
  return events;
}
