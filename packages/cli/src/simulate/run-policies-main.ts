import { runSimulation, shapeTrace } from '@spillway/simulation';
import { counted } from './counted.ts';
import { policyOf } from './policy-names.ts';
import type { Answer, Order, PolicyRun, RunSetup } from './run-protocol.ts';

// A process that runs one simulation after the other, as its parent orders, until it is killed or its parent is gone.
const parent = process.ppid;
let setup: RunSetup | undefined;

process.on('disconnect', () => process.exit(1));
process.on('message', (order: Order) => {
  if (order.kind === 'setup') setup = order.setup;
  else if (setup !== undefined) tell({ kind: 'report', report: simulate(order.run, setup) });
});

function simulate({ policy: name, seed }: PolicyRun, { records, shape, deployment, scheduling }: RunSetup) {
  const policy = policyOf(name, scheduling);
  if (!policy.ok) throw new Error(policy.error);
  const jobs = counted(shapeTrace(records, { ...shape, seed }), shape.requests ?? records.length, (share) => {
    // a run lets no event through, the one that says the parent is gone neither
    if (process.ppid !== parent) process.exit(1);
    // all have arrived, but not all are served
    tell({ kind: 'progress', share: Math.min(share, 0.99) });
  });
  return runSimulation(jobs, deployment, policy.value, { seed });
}

function tell(answer: Answer): void {
  process.send?.(answer);
}
