import { MessageChannel } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { collectTransferables } from '../../../../lib/engines/thread/wire/transferables.js';

describe('collectTransferables', () => {
  it('finds nothing in values that are copied', () => {
    expect(collectTransferables([1, 'a', null, undefined, () => 1, { bytes: new ArrayBuffer(8) }, [1]])).toEqual([]);
  });

  it('moves ArrayBuffers and the buffers of views that cover them whole', () => {
    const [plain, bytes, floats, view, owned] = Array.from({ length: 5 }, () => new ArrayBuffer(16));
    const values = [
      plain!,
      new Uint8Array(bytes!),
      new Float64Array(floats!),
      new DataView(view!),
      Buffer.from(owned!),
    ];
    expect(collectTransferables(values)).toEqual([plain, bytes, floats, view, owned]);
  });

  it('leaves a view of a part, a Buffer in its slab and shared memory to be copied', () => {
    const part = new Uint8Array(new ArrayBuffer(16), 0, 8);
    const shared = new SharedArrayBuffer(8);
    expect(collectTransferables([part, Buffer.from('small'), shared, new Uint8Array(shared)])).toEqual([]);
  });

  it('leaves memory that moved already to be reported by the clone', () => {
    const gone = new ArrayBuffer(8);
    const views = [new Uint8Array(gone), new DataView(gone)];
    structuredClone(gone, { transfer: [gone] });
    expect(collectTransferables([gone, ...views])).toEqual([]);
  });

  it('moves ports and web streams', () => {
    const { port1, port2 } = new MessageChannel();
    const values = [port1, new ReadableStream(), new WritableStream(), new TransformStream()];
    expect(collectTransferables(values)).toEqual(values);
    port1.close();
    port2.close();
  });

  it('is not taken in by an object that calls itself a stream', () => {
    expect(collectTransferables([{ [Symbol.toStringTag]: 'ReadableStream' }])).toEqual([]);
  });

  it('names each object once', () => {
    const memory = new ArrayBuffer(8);
    expect(collectTransferables([memory, new Uint8Array(memory), memory])).toEqual([memory]);
  });

  it('makes a list that structured clone accepts, and moves what it names', () => {
    const bytes = new Uint8Array([1, 2, 3]);
    const values = [bytes, Buffer.from('slab'), new ReadableStream()];
    const arrived = structuredClone(values, { transfer: collectTransferables(values) }) as unknown[];
    expect(arrived[0]).toEqual(Uint8Array.of(1, 2, 3));
    expect(bytes.byteLength).toBe(0);
  });
});
