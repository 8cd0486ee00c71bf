#!/usr/bin/env node
import module from 'node:module';

// Node.js 22.8 and later keep compiled code between starts; the first start fills the cache in the system's folder for
// temporary files, and NODE_DISABLE_COMPILE_CACHE=1 does without.
const { enableCompileCache } = module as { enableCompileCache?: () => unknown };
enableCompileCache?.();

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // `aligntrust … | head` closes the pipe early; that is no failure.
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});
const [{ processIo }, { main }] = await Promise.all([import('./io.ts'), import('./main.ts')]);
process.exitCode = await main(process.argv.slice(2), processIo());
