import type { Filter } from './filter.ts';

/** A pinned job never leaves local hardware. First of three checks: the commit and the cloud adapter repeat it. */
export const privacyPin: Filter<'PRIVACY_PIN'> = {
  code: 'PRIVACY_PIN',
  scope: 'lane',
  passes: 'not-by-waiting',
  wantOfRoom: false,
  refuses: (_job, backend, { lane }) =>
    lane.pinned && backend.location === 'cloud' ? 'the job is pinned to local backends' : undefined,
};
