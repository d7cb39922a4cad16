import { Injectable, OnModuleDestroy } from '@nestjs/common';

/** Whether the service takes new work. Nest calls this hook first when it shuts down, before anything is closed. */
@Injectable()
export class Readiness implements OnModuleDestroy {
  #stopping = false;

  get ready(): boolean {
    return !this.#stopping;
  }

  onModuleDestroy(): void {
    this.#stopping = true;
  }
}
