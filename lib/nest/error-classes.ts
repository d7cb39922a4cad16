import * as nest from '@nestjs/common';
import { ErrorClasses } from '../engines/thread/wire/error-classes.js';

/** The errors that come back from a worker as themselves: Nest's exceptions, and the application's own. */
export function errorClasses(own: readonly nest.Type<Error>[]): ErrorClasses {
  const exceptions = Object.values<unknown>(nest).filter(
    (value): value is nest.Type<Error> => typeof value === 'function' && value.prototype instanceof Error,
  );
  return new ErrorClasses([...exceptions, ...own]);
}
