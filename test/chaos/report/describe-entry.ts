import type { BatchObject, DecisionBody, JobBody } from '@spillway/contracts';
import { describeFault } from '../faults/fault.ts';
import type { Entry } from '../history/history.ts';

/** One thing the suite did or saw, in a line without the text of any request. */
export function describeEntry(entry: Entry): string {
  switch (entry.what) {
    case 'submitting':
    case 'batch-submitting':
      return 'submitting';
    case 'accepted':
    case 'seen':
    case 'cancel-answered':
    case 'final':
      return `${entry.what}: ${describeRecord(entry.record)}`;
    case 'batch-accepted':
    case 'batch-seen':
    case 'batch-final':
      return `${entry.what}: ${describeBatch(entry.batch)}`;
    case 'batch-changing':
      return `asking to ${entry.change}`;
    case 'batch-changed':
      return `${entry.change} answered: ${describeBatch(entry.batch)}`;
    case 'refused':
    case 'batch-refused':
      return `${entry.of} refused: ${entry.refusal.status ?? '-'} ${entry.refusal.code} ${entry.refusal.detail}`;
    case 'cancelling':
      return `cancelling ${entry.id}`;
    case 'webhook':
      return `webhook: ${JSON.stringify(entry.receipt)}`;
    case 'gone':
    case 'batch-gone':
      return `gone: ${entry.id} is not known`;
    case 'decisions':
      return `decisions: ${entry.decisions.map(describeDecision).join(' | ')}`;
    case 'fault':
      return `-- fault ${entry.fault.number} ${entry.phase}: ${describeFault(entry.fault)} (pid ${entry.fault.pid})`;
  }
}

function describeRecord({
  id,
  status,
  created_at,
  started_at,
  finished_at,
  attempts,
  error,
}: JobBody): string {
  const tries = attempts.map(
    (one) =>
      `#${one.number} ${one.backend} ${one.started_at.slice(11)}..${one.finished_at?.slice(11) ?? ''} ${one.outcome}` +
      (one.error === null ? '' : ` (${one.error.code}: ${one.error.detail})`),
  );
  const times = JSON.stringify({ created_at, started_at, finished_at });
  return `${id} ${status} ${times} [${tries.join('; ')}]${error === null ? '' : ` ${error.code}: ${error.detail}`}`;
}

function describeBatch(batch: BatchObject): string {
  const { id, status, paused, request_counts: counts } = batch;
  const lines = `${counts.completed} completed, ${counts.failed} failed of ${counts.total}`;
  return `${id} ${status}${paused ? ', paused' : ''}: ${lines}`;
}

const describeDecision = ({ at, action, backend, why, fence, epoch }: DecisionBody): string =>
  `${at.slice(11)} ${action} ${backend ?? ''} fence ${fence ?? '-'} epoch ${epoch}: ${why}`;
