import 'reflect-metadata';
import { readFile } from 'node:fs/promises';
import { BadRequestException, Injectable, Module } from '@nestjs/common';
import { DynamicPoolModule, PooledTask } from 'nestjs-dynamic-pool';

export class OutOfPaper extends Error {
  override readonly name = 'OutOfPaper';
}

export interface Image {
  bytes: Buffer;
  taken: Date;
  tags: Map<string, string[]>;
}

@Injectable()
export class Watermark {
  text(): string {
    return 'draft';
  }
}

/** Nothing is injected here. */
@Injectable()
export class Printer {
  @PooledTask('images')
  async print(sheets: number): Promise<number> {
    if (sheets > 100) throw new OutOfPaper('no paper');
    return sheets;
  }
}

@Injectable()
export class Images {
  constructor(private readonly watermark: Watermark) {}

  @PooledTask('images')
  async render(image: Image): Promise<{ text: string; taken: Date; kinds: boolean[] }> {
    const { bytes, taken, tags } = image;
    const kinds = [image instanceof Object, Buffer.isBuffer(bytes), taken instanceof Date, tags instanceof Map];
    return { text: this.watermark.text(), taken, kinds: [...kinds, tags.get('a')?.constructor === Array] };
  }

  @PooledTask('images')
  async open(file: string): Promise<string> {
    if (file === '') throw new BadRequestException({ message: ['no file'] });
    return readFile(file, 'utf8');
  }

  @PooledTask('images')
  async forever(signal: AbortSignal): Promise<void> {
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    signal.throwIfAborted();
  }

  @PooledTask('images')
  async leak(): Promise<unknown> {
    return { socket: () => undefined };
  }
}

@Module({
  imports: [
    DynamicPoolModule.forRoot({ pools: { images: { size: { max: 2 }, scaling: false } }, errors: [OutOfPaper] }),
  ],
  providers: [Watermark, Printer, Images],
})
export class ImagesModule {}
