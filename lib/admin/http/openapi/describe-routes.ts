import { STATUS_CODES } from 'node:http';
import { PageController } from '../page.controller.js';
import { ROUTES, type RouteDescription } from './routes.js';
import { refusal, text, type Schema } from './schemas.js';

/** What is used of @nestjs/swagger, which an application may have or not. */
interface Swagger {
  ApiTags(...tags: string[]): ClassDecorator;
  ApiExcludeController(): ClassDecorator;
  ApiOperation(options: object): MethodDecorator;
  ApiParam(options: object): MethodDecorator;
  ApiQuery(options: object): MethodDecorator;
  ApiBody(options: object): MethodDecorator;
  ApiResponse(options: object): MethodDecorator;
}

/** Every route may refuse with these. */
const COMMON = [401, 403, 429];

let described: Promise<boolean> | null = null;

/** Puts the routes into the application's OpenAPI document, if it makes one: whether @nestjs/swagger was found. */
export function describeRoutes(): Promise<boolean> {
  described ??= import('@nestjs/swagger').then(
    (swagger) => describe(swagger as unknown as Swagger),
    () => false,
  );
  return described;
}

function describe(swagger: Swagger): boolean {
  swagger.ApiExcludeController()(PageController);
  for (const controller of new Set(ROUTES.map((route) => route.controller))) swagger.ApiTags('pools')(controller);
  for (const route of ROUTES) {
    for (const decorate of decoratorsOf(swagger, route)) {
      const prototype = route.controller.prototype as object;
      decorate(prototype, route.method, Object.getOwnPropertyDescriptor(prototype, route.method)!);
    }
  }
  return true;
}

function decoratorsOf(swagger: Swagger, route: RouteDescription): MethodDecorator[] {
  const { summary, named, query = {}, body, answers, refusals = [] } = route;
  const param = { name: 'name', schema: text, description: 'Name of the pool.' };
  return [
    swagger.ApiOperation({ summary }),
    ...(named ? [swagger.ApiParam(param)] : []),
    ...Object.entries(query).map(([name, schema]) => swagger.ApiQuery({ name, schema, required: name === 'size' })),
    ...(body ? [swagger.ApiBody(body)] : []),
    ...Object.entries(answers).map(([status, schema]) => swagger.ApiResponse(answerOf(Number(status), schema))),
    ...[...refusals, ...COMMON].map((status) => swagger.ApiResponse(answerOf(status, refusal))),
  ];
}

function answerOf(status: number, schema: Schema | 'events'): object {
  const content = schema === 'events' ? { 'text/event-stream': { schema: text } } : { 'application/json': { schema } };
  return { status, description: STATUS_CODES[status], content };
}
