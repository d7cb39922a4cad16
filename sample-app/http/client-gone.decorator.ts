import type { ServerResponse } from 'node:http';
import { createParamDecorator, ExecutionContext, HttpException } from '@nestjs/common';

/**
 * An AbortSignal that fires when the client goes away before it was answered. Passed on to a pooled method it takes
 * the call out of the queue, or stops it on its thread, so that nobody computes for somebody who left.
 */
export const ClientGone = createParamDecorator((_: unknown, context: ExecutionContext): AbortSignal => {
  const response = context.switchToHttp().getResponse<ServerResponse>();
  const controller = new AbortController();
  const abortUnlessAnswered = () => {
    // 499 is what web servers log for "client closed request"; as an HttpException it is not logged as a fault.
    if (!response.writableFinished) controller.abort(new HttpException('The client went away', 499));
  };
  if (response.destroyed) abortUnlessAnswered();
  else response.once('close', abortUnlessAnswered);
  return controller.signal;
});
