import { Injectable } from '@nestjs/common';

@Injectable()
export class Limits {
  readonly largest = 10_000_000;
}
