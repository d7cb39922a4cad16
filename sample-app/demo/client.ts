import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { basename } from 'node:path';

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
}

/** A multipart body ready to send, built once so that the load costs little itself. */
export interface Form {
  readonly contentType: string;
  readonly body: Buffer;
}

export function fileForm(path: string): Form {
  const boundary = 'demo-7d1f0c62';
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${basename(path)}"\r\n\r\n`;
  const body = Buffer.concat([Buffer.from(head), readFileSync(path), Buffer.from(`\r\n--${boundary}--\r\n`)]);
  return { contentType: `multipart/form-data; boundary=${boundary}`, body };
}

/** GET, or POST where there is a form. A broken connection is an answer of status 0 that tells why. */
export async function call(url: string, form?: Form): Promise<Answer> {
  return exchange(url, form).catch((error: Error) => {
    return { status: 0, contentType: '', body: Buffer.from(error.message) };
  });
}

function exchange(url: string, form?: Form): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = form && { 'Content-Type': form.contentType, 'Content-Length': form.body.length };
    // No connection is kept: one that idles while the service stalls may be cut just as it is used again.
    const outgoing = request(url, { agent: false, method: form ? 'POST' : 'GET', headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const { statusCode = 0, headers } = response;
        resolve({ status: statusCode, contentType: headers['content-type'] ?? '', body: Buffer.concat(chunks) });
      });
    });
    outgoing.once('error', reject);
    outgoing.end(form?.body);
  });
}
