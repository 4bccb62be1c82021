import type { PrivacyChoice } from '@spillway/core';
import { UsageError } from '../usage-error.ts';

export interface PrivacyFlags {
  readonly localOnly?: boolean;
  readonly privacy?: PrivacyChoice;
}

/** The privacy asked for, if any; refuses --local-only beside another choice rather than guess. */
export function privacyOf({ localOnly, privacy }: PrivacyFlags): PrivacyChoice | undefined {
  if (localOnly !== true) return privacy;
  if (privacy !== undefined && privacy !== 'local_only') {
    throw new UsageError(`--local-only and --privacy ${privacy} contradict each other`);
  }
  return 'local_only';
}
