// Prints what everything here runs on; the first thing CI does, so that a log says what it tested.
import { readFileSync } from 'node:fs';

const { packageManager } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
process.stdout.write(`node ${process.version}, ${packageManager}, ${process.platform} ${process.arch}\n`);
