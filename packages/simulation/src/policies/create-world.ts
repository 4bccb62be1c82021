import type { BackendId, EpochMs } from '@spillway/core';
import type { Backend } from '../state/backend.ts';
import type { Cell } from '../state/cell.ts';
import { LocalBackend } from '../state/local-backend.ts';
import { indexOf } from '../state/sim-job.ts';
import type { HeldJob, World } from './policy.ts';

const NOTHING = { running: 0, waiting: 0, kvUsed: 0 };

/** What policies may ask of the simulation beside the snapshot. */
export function createWorld(
  backends: ReadonlyMap<BackendId, Backend>,
  cell: Cell,
  random: () => number,
  nowMs: () => EpochMs,
): World {
  return {
    loadOf: (backendId) => {
      const backend = backends.get(backendId);
      if (!(backend instanceof LocalBackend)) return NOTHING;
      const { running, kvUsed } = backend.engine;
      // Jobs on their way to the engine wait, too.
      return { running, waiting: backend.held - running, kvUsed };
    },
    *heldBy(backendId): Generator<HeldJob, void, undefined> {
      const backend = backends.get(backendId);
      if (backend === undefined) return;
      for (const { view, tenantId, trace, sequence } of backend.jobs) {
        const generated =
          sequence !== undefined && backend instanceof LocalBackend
            ? backend.engine.generatedBy(sequence, nowMs())
            : 0;
        const { inputTokens, outputTokens } = trace;
        yield { id: view.id, tenantId, inputTokens, generated, outputTokens };
      }
    },
    outputOf: (jobId) => cell.live.get(indexOf(jobId))?.trace.outputTokens ?? 0,
    waitingOf: (tenantId) => cell.lanes.waitingOf(tenantId),
    random,
  };
}
