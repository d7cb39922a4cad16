import { SetMetadata } from '@nestjs/common';
import type { AdminRole } from '../../../core/contract/operation.js';

/** What a method is marked with. */
export const NEEDS = 'nestjs-dynamic-pool:needs';

/** Open to viewers too. A method without the mark is for operators, so that one that was forgotten is closed. */
export const ForViewers = (): MethodDecorator => SetMetadata(NEEDS, 'viewer' satisfies AdminRole);
