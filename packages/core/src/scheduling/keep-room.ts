import type { BackendLoad } from './backend-load.ts';
import type { Candidate } from './explanation.ts';
import type { PlanState } from './plan-state.ts';
import type { JobView } from './snapshot.ts';

/** Of the backends that refuse a job only for want of KV memory, the emptiest is kept for it. */
export function keepRoom(state: PlanState, job: JobView, local: readonly Candidate[]): void {
  let roomiest: BackendLoad | undefined;
  let most = 0;
  for (const candidate of local) {
    if (candidate.kind === 'scored' || candidate.code !== 'KV_HEADROOM') continue;
    const load = state.loadOf(candidate.backendId);
    const free = (load.kvCapacityTokens as number) - load.heldTokens;
    if (roomiest !== undefined && (free < most || (free === most && load.id > roomiest.id))) continue;
    roomiest = load;
    most = free;
  }
  if (roomiest === undefined) return;
  state.replaceLoad({ ...roomiest, keptForEarlier: job.id });
}
