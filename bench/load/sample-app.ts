import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { UsageError } from '../../lib/cli/command.js';
import type { Disturbance, LiveRequest } from '../../lib/simulator/live/index.js';
import { SAMPLE_IMAGE, SAMPLE_TABLES } from '../../sample-app/data-files.js';
import { Jimp } from '../../sample-app/images/codec.js';
import { upload } from './form.js';

/** The image has 1.9 megapixels, and the sample app takes 24. */
const MOST_SLOWER = 12;

/** What the sample app is sent: an image as a rule, and no image where the request is to fail in the pool. */
export interface SampleRequests {
  readonly usual: Pick<LiveRequest, 'method' | 'headers' | 'body'>;
  readonly vary: (disturbance: Disturbance) => Partial<LiveRequest>;
}

/** @param slow by how much slow requests take longer: they bring an image of so many times the pixels. */
export async function sampleRequests(slow: number): Promise<SampleRequests> {
  if (slow > MOST_SLOWER) {
    throw new UsageError(
      `Work is to take ${slow} times as long, but the sample app takes images for ${MOST_SLOWER} at most.`,
    );
  }
  const usual = upload(basename(SAMPLE_IMAGE), readFileSync(SAMPLE_IMAGE));
  const broken = upload(basename(SAMPLE_TABLES[1]), readFileSync(SAMPLE_TABLES[1]));
  const large = slow === 1 ? usual : upload('large.jpg', await enlarged(slow));
  return { usual, vary: ({ fails }) => (fails ? broken : large) };
}

async function enlarged(pixels: number): Promise<Buffer> {
  const image = await Jimp.read(SAMPLE_IMAGE);
  const side = Math.sqrt(pixels);
  image.resize({ w: Math.round(image.width * side), h: Math.round(image.height * side) });
  return image.getBuffer('image/jpeg', { quality: 80 });
}
