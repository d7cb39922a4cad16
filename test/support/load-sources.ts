// A runner of TypeScript for tests, of the library's own hook: node --import THIS main.ts
import { installTypeScript } from '../../lib/engines/typescript/install.js';

installTypeScript(new URL('../../lib/engines/typescript/esm-loader-hooks.js', import.meta.url));
