import type { FaultRecord } from '../faults/fault.ts';
import type { JobFacts } from '../history/facts.ts';
import type { Check } from './violation.ts';

/** What receivers allow a sender's clock to be off; only a clock that was stepped may be further off. */
const TOLERANCE_SECONDS = 300;
/** An attempt is signed when it is made and may wait in a stopped process, or for its turn. */
const MARGIN_MS = 20_000;

/** What reaches a webhook is signed, of the type of the job's end, asked for, and stamped with the right time. */
export const wrongEvents: Check = ({ jobs, faults }) =>
  jobs.flatMap((job) =>
    job.receipts.flatMap((receipt) =>
      faultsOf(job, receipt, faults).map(
        (detail) => ({ figure: 'wrong_events', key: job.plan.key, detail }) as const,
      ),
    ),
  );

function faultsOf(
  { plan, finals }: JobFacts,
  { type, status, subjectId, signature, skewSeconds, atMs }: JobFacts['receipts'][number],
  faults: readonly FaultRecord[],
): readonly string[] {
  const [final] = finals;
  const wrong: string[] = [];
  if (signature === 'bad') wrong.push(`a ${type} event with a bad signature`);
  if (
    final !== undefined &&
    (subjectId !== final.id || type !== `job.${final.status}` || status !== final.status)
  )
    wrong.push(`told ${type} of ${subjectId} (${status}); it is ${final.id} and ${final.status}`);
  if (plan.hook?.events !== undefined && !plan.hook.events.some((event) => event === type))
    wrong.push(`told ${type}, which it did not ask for`);
  if (isStampedWrong({ skewSeconds, atMs }, faults)) wrong.push(`a ${type} event ${skewSeconds} s off`);
  return wrong;
}

/** Whether an event is off by more than receivers allow, and no clock was stepped. */
export const isStampedWrong = (
  { skewSeconds, atMs }: Pick<JobFacts['receipts'][number], 'skewSeconds' | 'atMs'>,
  faults: readonly FaultRecord[],
): boolean => Math.abs(skewSeconds) > TOLERANCE_SECONDS && !clockWasStepped(atMs, faults);

const clockWasStepped = (atMs: number, faults: readonly FaultRecord[]): boolean =>
  faults.some(
    ({ process, trouble, beganAtMs, endedAtMs }) =>
      trouble.kind === 'clock-step' &&
      process.startsWith('webhook-dispatcher') &&
      beganAtMs <= atMs &&
      atMs <= endedAtMs + MARGIN_MS,
  );
