import { Module } from '@nestjs/common';
import { Greeter } from './greeter.js';
import { Limits } from './limits.js';
import { Salutation } from './words/index.js';

@Module({ providers: [Greeter, Limits, { provide: 'SALUTATION', useValue: Salutation.Hello }] })
export class GreeterModule {}
