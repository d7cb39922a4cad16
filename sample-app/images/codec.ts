import { createJimp } from '@jimp/core';
import jpeg from '@jimp/js-jpeg';
import png from '@jimp/js-png';
import { methods as resize } from '@jimp/plugin-resize';

/** Jimp with just the formats and methods needed here. All JavaScript: every pixel is computed on the calling thread. */
export const Jimp = createJimp({ formats: [jpeg, png], plugins: [resize] });
