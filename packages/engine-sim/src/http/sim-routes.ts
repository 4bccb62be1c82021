import type { Hono } from 'hono';
import type { DigestLog } from '../faults/digest-log.ts';
import type { FaultBook } from '../faults/fault-book.ts';
import { faultRulesBody, type FaultKind } from '../faults/fault-rule.ts';
import { readJson } from './read-json.ts';
import type { SimEnv } from './sim-context.ts';

export interface SimControls {
  readonly faults: FaultBook;
  readonly digests: DigestLog;
  readonly kinds: readonly [FaultKind, ...FaultKind[]];
  readonly stats: () => Readonly<Record<string, unknown>>;
  readonly reset: () => void;
}

/** The controls of a simulator, which no real server has: faults, counters, reset. */
export function registerSimRoutes(app: Hono<SimEnv>, controls: SimControls): void {
  const body = faultRulesBody(controls.kinds);

  app.post('/_sim/faults', async (context) => {
    const read = await readJson(context, body);
    if (!read.ok) return context.json({ error: read.error }, 400);
    controls.faults.replace(read.value.rules);
    return context.json({ rules: read.value.rules.length });
  });

  app.get('/_sim/stats', (context) =>
    context.json({
      ...controls.stats(),
      faults_played: controls.faults.played(),
      digests_seen: controls.digests.all(),
    }),
  );

  app.post('/_sim/reset', (context) => {
    controls.faults.reset();
    controls.digests.reset();
    controls.reset();
    return context.json({ reset: true });
  });
}
