// A simulated engine that only says that it listens. It notes its end in $FAKE_DIR/events.
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

const port = process.argv[process.argv.indexOf('--port') + 1] ?? '';
const note = (what: string): void =>
  appendFileSync(join(process.env['FAKE_DIR'] ?? '', 'events'), `engine-sim ${what}\n`);

process.on('SIGTERM', () => {
  note('told');
  process.exit(0);
});
setInterval(() => {}, 60_000);
note(`started ${process.pid}`);
process.stdout.write(`engine-sim listening on http://127.0.0.1:${port}\n`);
