import type { LiveRequest } from '../../lib/simulator/live/index.js';

const BOUNDARY = 'load-4be1f7a0c2';

/** The parts of a request that uploads one file in the field `file`. */
export function upload(name: string, bytes: Buffer): Pick<LiveRequest, 'method' | 'headers' | 'body'> {
  const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\n\r\n`;
  return {
    method: 'POST',
    headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
    body: Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${BOUNDARY}--\r\n`)]),
  };
}
