import { threadId } from 'node:worker_threads';
import { BadRequestException } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { TaskCloneError, WorkerCrashedError } from 'nestjs-dynamic-pool';
import { getTestPool, useInlinePools } from 'nestjs-dynamic-pool/testing';
import { Images, ImagesModule, OutOfPaper, Printer, Watermark, type Image } from './images.module';

let app: TestingModule;
let images: Images;

beforeEach(async () => {
  app = await useInlinePools(Test.createTestingModule({ imports: [ImagesModule] }))
    .overrideProvider(Watermark)
    .useValue({ text: jest.fn(() => 'test') })
    .compile();
  await app.init();
  images = app.get(Images);
});

afterEach(() => app.close());

const image = (): Image => ({ bytes: Buffer.from('x'), taken: new Date(5), tags: new Map([['a', ['b']]]) });

async function failure(promise: Promise<unknown>): Promise<Error & Record<string, unknown>> {
  return promise.then(
    () => Promise.reject(new Error('nothing was thrown')),
    (error: unknown) => error as Error & Record<string, unknown>,
  );
}

test('plain class', async () => {
  expect(await app.get(Printer).print(3)).toBe(3);
  expect(threadId).toBe(0);
});

test('injected class', async () => {
  const rendered = await images.render(image());
  // In a realm of jest's own, too: toStrictEqual compares classes.
  expect(rendered).toStrictEqual({ text: 'test', taken: new Date(5), kinds: [true, true, true, true, true] });
  expect(app.get(Watermark).text).toHaveBeenCalledTimes(1);
});

test('Nest exception', async () => {
  const error = await failure(images.open(''));
  expect(error).toBeInstanceOf(BadRequestException);
  expect((error as unknown as BadRequestException).getResponse()).toStrictEqual({ message: ['no file'] });
});

test('own error class', async () => {
  expect(await failure(app.get(Printer).print(200))).toBeInstanceOf(OutOfPaper);
});

test('error of Node.js', async () => {
  const error = await failure(images.open('/nowhere'));
  expect(error).toBeInstanceOf(Error);
  expect(error.code).toBe('ENOENT');
});

test('abort', async () => {
  const controller = new AbortController();
  const call = failure(images.forever(controller.signal));
  controller.abort();
  expect(await call).toBe(controller.signal.reason);
});

test('refused values', async () => {
  const error = await failure(images.leak());
  expect(error).toBeInstanceOf(TaskCloneError);
  expect(error.path).toBe('result.socket');
  expect((await failure(images.render({ ...image(), tags: (() => 1) as never }))).path).toBe('args[0].tags');
});

test('crash', async () => {
  getTestPool(app, 'images').workers.crashNext('Images.render', { exitCode: 137 });
  const error = await failure(images.render(image()));
  expect(error).toBeInstanceOf(WorkerCrashedError);
  expect(error.exitCode).toBe(137);
  expect((await images.render(image())).text).toBe('test');
});
