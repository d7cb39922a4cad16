// Only workers load this file, so no runner has to know the alias.
import { Salutation } from '@words';

export function greet(name: string): string {
  return `${Salutation.Hello} ${name}`;
}
