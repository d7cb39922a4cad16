/** Bytes that go to every client in one write, and what is in them. */
export interface Piece {
  readonly bytes: Buffer;
  /** Events among them that are not told again: all but snapshots. */
  readonly events: number;
  /** Pools whose snapshots are among them. */
  readonly pools: readonly string[];
}

/** A frame, and the pool whose snapshot it is, if it is one. */
export interface Frame {
  readonly bytes: Buffer;
  readonly snapshotOf: string | null;
}

/** A write of more than this gains nothing, and a client with little room could not take it. */
const LARGEST = 32 * 1_024;

/** Joins frames, in order, to as few pieces as there may be. */
export function piecesOf(frames: readonly Frame[]): Piece[] {
  const pieces: Piece[] = [];
  let joined: Frame[] = [];
  let size = 0;
  const cut = () => {
    if (joined.length === 0) return;
    const pools = joined.flatMap(({ snapshotOf }) => (snapshotOf === null ? [] : [snapshotOf]));
    pieces.push({
      bytes: Buffer.concat(joined.map(({ bytes }) => bytes)),
      events: joined.length - pools.length,
      pools,
    });
    joined = [];
    size = 0;
  };
  for (const frame of frames) {
    if (size + frame.bytes.length > LARGEST) cut();
    joined.push(frame);
    size += frame.bytes.length;
  }
  cut();
  return pieces;
}
