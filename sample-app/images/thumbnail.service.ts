import { BadRequestException, Injectable, UnsupportedMediaTypeException } from '@nestjs/common';
import { PooledTask } from 'nestjs-dynamic-pool';
import { AppConfig } from '../config/app-config.js';
import { Jimp } from './codec.js';
import { type ImageHeader, readImageHeader } from './image-header.js';

export interface Thumbnail {
  readonly type: ImageHeader['type'];
  readonly image: Buffer;
}

@Injectable()
export class ThumbnailService {
  constructor(private readonly config: AppConfig) {}

  /**
   * Scales an image down to fit into `width` x `height`, keeping its shape; it is never enlarged. Runs on a thread of
   * the pool `images`: what it throws there is thrown to the caller here, with status and body.
   */
  @PooledTask('images')
  async resize(upload: Buffer, width: number, height: number, signal?: AbortSignal): Promise<Thumbnail> {
    const { type } = this.checked(upload);
    const image = await Jimp.fromBuffer(upload).catch((error: unknown) => {
      throw new BadRequestException('The image is damaged and cannot be decoded.', { cause: error });
    });

    const scale = Math.min(width / image.width, height / image.height, 1);
    const target = {
      w: Math.max(1, Math.round(image.width * scale)),
      h: Math.max(1, Math.round(image.height * scale)),
    };
    // Halving until near the target is smoother than one big step. The client may have left since the last step.
    while (image.width >= 2 * target.w && image.height >= 2 * target.h) {
      signal?.throwIfAborted();
      image.resize({ w: Math.ceil(image.width / 2), h: Math.ceil(image.height / 2) });
    }
    if (image.width !== target.w || image.height !== target.h) image.resize(target);

    signal?.throwIfAborted();
    const encoded =
      type === 'image/jpeg' ? image.getBuffer(type, { quality: this.config.jpegQuality }) : image.getBuffer(type);
    return { type, image: await encoded };
  }

  /** Refuses what is no image, and images that would need too much memory once decoded. */
  private checked(upload: Buffer): ImageHeader {
    const header = readImageHeader(upload);
    if (!header) throw new UnsupportedMediaTypeException('Expected a PNG or JPEG image.');
    const megapixels = (header.width * header.height) / 1e6;
    if (megapixels > this.config.maxMegapixels) {
      throw new BadRequestException(
        `The image has ${megapixels.toFixed(1)} megapixels; at most ${this.config.maxMegapixels} are allowed.`,
      );
    }
    return header;
  }
}
