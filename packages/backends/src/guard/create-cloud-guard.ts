import type { AttemptOutcome, BackendCheck, InferenceBackend, InferenceRequest } from '@spillway/core';

/** A cloud backend that must be told, with every request, whether its job is pinned. */
export interface GuardedBackend {
  run(
    request: InferenceRequest,
    options: { readonly signal: AbortSignal; readonly pinned: boolean },
  ): Promise<AttemptOutcome>;
  check(options: { readonly signal: AbortSignal }): Promise<BackendCheck>;
}

/**
 * The last of three checks that a pinned job never leaves the house, directly before the HTTP call: anything but an
 * explicit `pinned: false` is refused. A refusal here means that plan and dispatch both failed: alert on it.
 */
export function createCloudGuard(backend: InferenceBackend): GuardedBackend {
  return {
    run: async (request, { signal, pinned }) =>
      // oxlint-disable-next-line typescript/no-unnecessary-boolean-literal-compare -- a missing label must block, too
      pinned === false ? backend.run(request, { signal }) : { kind: 'failed', reason: BLOCKED },
    check: (options) => backend.check(options),
  };
}

const BLOCKED = {
  kind: 'privacy-violation-blocked',
  detail: 'the job is pinned to local hardware and was not sent to the cloud',
} as const;
