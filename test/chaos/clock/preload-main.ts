// Loaded into a process by NODE_OPTIONS=--import: shifts what `Date` says by what stands, in milliseconds, in the file
// $CHAOS_CLOCKS/<pid>. Only this process's wall clock steps, as after a bad NTP answer; timers, `performance.now` and
// the clocks of all other processes, Redis among them, go on as they were.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const LOOK_EVERY_MS = 100;
const folder = process.env['CHAOS_CLOCKS'];
let byMs = 0;

if (folder !== undefined) {
  const path = join(folder, String(process.pid));
  setInterval(() => {
    byMs = readShift(path);
  }, LOOK_EVERY_MS).unref();

  const RealDate = Date;
  const now = RealDate.now.bind(RealDate);
  RealDate.now = () => now() + byMs;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args: unknown[], newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now() + byMs] : args, newTarget) as Date,
    apply: () => new RealDate(now() + byMs).toString(),
  });
}

function readShift(path: string): number {
  try {
    return Number(readFileSync(path, 'utf8')) || 0;
  } catch {
    return 0;
  }
}
