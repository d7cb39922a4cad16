import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { describe, expect, test } from 'vitest';
import { ADAPTERS, startAdmin } from './support.js';

const ROUTES = [
  'get /pools',
  'get /pools/events',
  'get /pools/{name}',
  'get /pools/{name}/decisions',
  'get /pools/{name}/failures',
  'get /pools/{name}/health',
  'get /pools/{name}/history',
  'get /pools/{name}/policy',
  'get /pools/{name}/quarantine',
  'patch /pools/{name}/policy',
  'put /pools/{name}/override',
  'delete /pools/{name}/override',
  'post /pool/manual',
  'post /pools/{name}/drain',
  'post /pools/{name}/dry-run',
  'post /pools/{name}/pause',
  'post /pools/{name}/quarantine/release',
  'post /pools/{name}/resume',
];

function routesOf({ paths }: OpenAPIObject): string[] {
  return Object.entries(paths).flatMap(([path, item]) => Object.keys(item).map((method) => `${method} ${path}`));
}

describe.each(ADAPTERS)('on %s', (adapter) => {
  test('the routes stand in the document of the application, with parameters, bodies and answers', async () => {
    const { app } = await startAdmin(adapter);
    // A second application in the process: what is written on the classes must not double.
    await startAdmin(adapter);
    const document = SwaggerModule.createDocument(app, new DocumentBuilder().build());
    expect(routesOf(document).sort()).toEqual([...ROUTES].sort());
    const override = document.paths['/pools/{name}/override']!.put!;
    expect(override.tags).toEqual(['pools']);
    expect(override.parameters).toEqual([expect.objectContaining({ name: 'name', in: 'path', required: true })]);
    expect(override.requestBody).toMatchObject({
      required: true,
      content: { 'application/json': { schema: { required: ['size'] } } },
    });
    expect(Object.keys(override.responses)).toEqual(['200', '401', '403', '404', '409', '413', '415', '422', '429']);
    expect(override.responses['422']).toMatchObject({
      content: { 'application/json': { schema: { required: ['statusCode', 'error', 'message'] } } },
    });
    const manual = document.paths['/pool/manual']!.post!;
    expect(manual.parameters).toMatchObject([
      { name: 'size', in: 'query', required: true },
      { name: 'pool', in: 'query', required: false },
    ]);
    expect(document.paths['/pools/{name}/decisions']!.get!.parameters).toHaveLength(2);
    expect(document.paths['/pools/events']!.get!.responses['200']).toMatchObject({
      content: { 'text/event-stream': {} },
    });
    expect(document.paths['/pools/{name}/drain']!.post!.responses['202']).toBeDefined();
  });

  test('what the document says of a pool is what is told of one', async () => {
    const { app, ask } = await startAdmin(adapter);
    const document = SwaggerModule.createDocument(app, new DocumentBuilder().build());
    const answer = document.paths['/pools/{name}']!.get!.responses['200'] as any;
    const { properties } = answer.content['application/json'].schema;
    const { json } = await ask('GET /pools/images', { token: 'viewer' });
    expect(Object.keys(properties).sort()).toEqual(Object.keys(json).sort());
  });

  test('without @nestjs/swagger the routes work all the same', async () => {
    const script = fileURLToPath(new URL('../../fixtures/admin/without-swagger.js', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [script, adapter]);
    expect(JSON.parse(stdout)).toEqual({ swagger: 'ERR_MODULE_NOT_FOUND', status: 200, pools: ['images'] });
  });
});
