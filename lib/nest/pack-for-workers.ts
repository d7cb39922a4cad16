import { packModules, type PackedModules } from '../engines/thread/packed-modules.js';

/**
 * What `@nestjs/common` loads in every worker and is CommonJS: 226 small files of rxjs alone, a sixth of the time that a
 * worker takes to boot. `@nestjs/common` itself up to version 11.
 */
const PACKAGES = ['iterare', 'rxjs', '@nestjs/common'];

let packing = false;
let packed: PackedModules | null = null;

/**
 * What workers need not load from disk. It is packed in the background when it is first asked for, once for all pools of
 * this process; until then, and where it fails, there is none.
 */
export function packForWorkers(): PackedModules | null {
  if (!packing) {
    packing = true;
    void packModules(PACKAGES, import.meta.url).then(
      (modules) => (packed = modules),
      () => undefined,
    );
  }
  return packed;
}
