// A service that keeps the platform's contract and does nothing else. Its name is the one it was started under; it
// notes what happens to it in $FAKE_DIR/events. $FAKE_STUBBORN ignores SIGTERM, $FAKE_BROKEN ends at once.
import { appendFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const { FAKE_DIR = '', FAKE_STUBBORN, FAKE_BROKEN, BACKEND, SPILLWAY_LEASH, PORT, OPS_PORT } = process.env;
const kind = basename(process.argv[1] ?? '', '.ts');
const name = BACKEND === undefined ? kind : `${kind}-${BACKEND}`;
const note = (what: string): void => appendFileSync(join(FAKE_DIR, 'events'), `${name} ${what}\n`);

if (FAKE_BROKEN === name) {
  process.stderr.write('the fake is broken on purpose\n');
  process.exit(3);
}
process.on('SIGTERM', () => {
  note('told');
  if (FAKE_STUBBORN !== name) process.exit(0);
});
if (SPILLWAY_LEASH === 'stdin') process.stdin.on('end', () => process.exit(0)).resume();
setInterval(() => {}, 60_000);

note(`started ${process.pid}`);
const { REDIS_URL, SPILLWAY_CONFIG, SPILLWAY_CELL, SPILLWAY_DEV_KEY_SHA256 } = process.env;
const seen = { REDIS_URL, SPILLWAY_CONFIG, SPILLWAY_CELL, SPILLWAY_DEV_KEY_SHA256, OPS_PORT };
process.stdout.write(`${JSON.stringify({ event: 'service.started', port: Number(PORT ?? 0), seen })}\n`);
