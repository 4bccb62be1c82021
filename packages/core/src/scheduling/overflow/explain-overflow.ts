import type { JobView, LaneView } from '../snapshot.ts';
import { depthBounds } from './decide-depth.ts';
import type { OverflowContext, Ruling } from './decide-overflow.ts';

/** The sentence for a ruling: why the cloud is open to a job, or closed. */
export function explainOverflow(
  ruling: Ruling,
  { strategy, deadlineAtMs }: JobView,
  { jobClass }: LaneView,
  { nowMs, policy, pool, depth, localFinishAtMs }: OverflowContext,
): string {
  const { mode, margin, blindBelowSamples } = policy.overflow;
  const { enter, leave } = depthBounds(policy.overflow, pool);
  switch (ruling) {
    case 'asks-for-cloud':
      return `the job asks for ${strategy}`;
    case 'never-cloud':
      return `strategy ${strategy} never uses the cloud`;
    case 'open-to-cloud':
      return `strategy ${strategy} may use the cloud at any time`;
    case 'none-serves':
      return 'no local backend serves this model';
    case 'none-could-run':
      return 'no local backend could run this job';
    case 'switched-off':
      return 'overflow is switched off';
    case 'local-down':
      return `every local backend of this model has been down for ${seconds(pool.downForMs)} s`;
    case 'few-wait':
      return `${depth} jobs wait: overflow begins above ${enter}${blind()}`;
    case 'many-wait':
      return `${depth} jobs wait: overflow began above ${enter} and ends below ${leave}${blind()}`;
    case 'displaced':
      return 'a pinned job needs the room to be in time';
    case 'none-works-in-time':
      return 'no local backend works, and the job cannot wait until one does';
    case 'none-works-for-now':
      return 'no local backend works, which may pass';
    case 'in-time':
      return `${ready()}: in time, ${due()}`;
    case 'late':
      return `${ready()}, ${due()}`;
  }

  function blind(): string {
    return mode === 'depth'
      ? ''
      : ` (by depth: ${pool.samples} of ${blindBelowSamples} completions are known)`;
  }

  function ready(): string {
    return `local hardware would be ready in ${seconds(localFinishAtMs - nowMs)} s`;
  }

  function due(): string {
    return `due in ${seconds(deadlineAtMs - nowMs)} s with a margin of ${margin[jobClass]}`;
  }
}

const seconds = (ms: number): string => (ms / 1000).toFixed(ms < 10_000 ? 1 : 0);
