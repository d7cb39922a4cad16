import net from 'node:net';
import { readEvents, type ReadEvent } from '../../support/fake-response.js';

/** A client of server-sent events over a plain socket; one that never reads leaves all to the buffers of the system. */
export class LiveConnection {
  readonly socket: net.Socket;
  /** What each gap told. */
  readonly gaps: (number | null)[] = [];
  /** Numbers and names of the events, snapshots and gaps left out. */
  readonly events: { readonly seq: number; readonly event: string }[] = [];
  /** What came, as far as it is kept. */
  #rest = '';
  status = '';

  constructor(port: number, { reads, lastEventId }: { reads: boolean; lastEventId?: string }) {
    const resume = lastEventId === undefined ? '' : `Last-Event-ID: ${lastEventId}\r\n`;
    this.socket = net.connect(port, '127.0.0.1');
    this.socket.setEncoding('latin1');
    // Ended by the server at once, where it stops: that is no failure of the client.
    this.socket.on('error', () => undefined);
    this.socket.write(`GET /pools/events HTTP/1.1\r\nHost: localhost\r\n${resume}\r\n`);
    if (reads) this.read();
    else this.socket.pause();
  }

  read(): void {
    this.socket.on('data', (text: string) => this.#take(text)).resume();
  }

  close(): void {
    this.socket.destroy();
  }

  /** Frames begin within chunks of HTTP as they please, so that only whole lines count. */
  #take(text: string): void {
    this.#rest += text;
    if (this.status === '') this.status = /^HTTP\/1\.1 (\d+)/.exec(this.#rest)?.[1] ?? '';
    const end = this.#rest.lastIndexOf('\n\n');
    if (end === -1) return;
    const whole = this.#rest.slice(0, end + 2);
    this.#rest = this.#rest.slice(end + 2);
    for (const [, seq, event, data] of whole.matchAll(/^id: [0-9a-f]+-(\d+)\nevent: (\w+)\ndata: (.*)$/gm)) {
      if (event === 'gap') this.gaps.push((JSON.parse(data!) as { missed: number | null }).missed);
      else if (event !== 'snapshot') this.events.push({ seq: Number(seq), event: event! });
    }
  }
}

/** All events of a stream that ends, or the first `count` of it. */
export async function eventsOf(response: Response, count = Infinity): Promise<ReadEvent[]> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const bytes of response.body! as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(bytes, { stream: true });
    if (readEvents(text).length >= count) break;
  }
  return readEvents(text);
}
