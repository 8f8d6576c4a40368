/** Where the recorder's process begins. Compiled code is kept for the next one, as `bin/spoor.js` does for `spoor`. */
import { enableCompileCache } from 'node:module';

enableCompileCache();
await import('./recorder-main.ts');
