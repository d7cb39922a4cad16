// Draws sample.jpg, the same bytes every time: node sample-app/data/make-sample.mjs
import { writeFileSync } from 'node:fs';
import { createJimp } from '@jimp/core';
import jpeg from '@jimp/js-jpeg';

const [width, height] = [1600, 1200];
const Jimp = createJimp({ formats: [jpeg] });
const image = new Jimp({ width, height });
for (let y = 0; y < height; y++) {
  for (let x = 0; x < width; x++) {
    const rings = Math.sin(Math.hypot(x - 500, y - 400) / 18);
    const waves = Math.sin(x / 97 + Math.sin(y / 61) * 2);
    const colour = [128 + 90 * waves, 120 + 60 * rings + 40 * waves, 140 + 90 * rings * waves, 255];
    image.bitmap.data.set(colour.map(Math.round), (y * width + x) * 4);
  }
}
writeFileSync(new URL('sample.jpg', import.meta.url), await image.getBuffer('image/jpeg', { quality: 80 }));
