import { isLocalBackend, type LocalBackendConfig } from '@spillway/contracts';
import type { BackendId } from '@spillway/core';
import type { ConfigStore } from '@spillway/service-kit';

/**
 * This worker's backend in the running configuration. A change to its limits or models counts at once; a backend
 * that is taken away keeps its last settings until the worker is stopped. Throws when it was never configured.
 */
export function followBackendConfig(config: ConfigStore, id: BackendId): () => LocalBackendConfig {
  let last: LocalBackendConfig | undefined;
  return () => {
    const now = config.current().config.backends[id];
    if (now !== undefined && isLocalBackend(now)) last = now;
    if (last === undefined) throw new Error(`spillway.yaml has no local backend "${id}"`);
    return last;
  };
}
