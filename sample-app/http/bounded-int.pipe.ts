import { BadRequestException, Injectable, PipeTransform } from '@nestjs/common';

/** A whole number between two bounds from the query, or a default. Anything else is a 400 that says what is allowed. */
@Injectable()
export class BoundedIntPipe implements PipeTransform<string | undefined, number> {
  constructor(private readonly bounds: { name: string; min: number; max: number; default: number }) {}

  transform(text: string | undefined): number {
    const { name, min, max } = this.bounds;
    if (text === undefined) return this.bounds.default;
    const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
    if (value >= min && value <= max) return value;
    throw new BadRequestException(`${name} must be a whole number from ${min} to ${max}, got "${text}".`);
  }
}
