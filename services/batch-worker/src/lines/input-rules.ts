import { refuseModel } from '@spillway/admission';
import { DEFAULT_MOST_EMBEDDING_INPUTS, type InputRules } from '@spillway/batches';
import { type BackendConfig, backendsServing, type Config, modelGroups } from '@spillway/contracts';
import { ENDPOINTS } from '@spillway/core';
import type { BatchRecord } from '@spillway/redis';

/** What the input of a batch is held against, by the configuration in force. Throws on an endpoint no job may name. */
export function inputRulesOf({ id, description }: BatchRecord, config: Config): InputRules {
  const { limits } = config;
  switch (description.face) {
    case 'documents':
      return {
        face: 'documents',
        mostLines: limits.max_batch_documents,
        mostLineBytes: limits.max_request_bytes,
      };
    case 'anthropic':
      return {
        face: 'anthropic',
        mostLines: limits.max_message_batch_requests,
        mostLineBytes: limits.max_request_bytes,
      };
    case 'openai': {
      const endpoint = ENDPOINTS.find((known) => known === description.endpoint);
      if (endpoint === undefined) throw new Error(`${id} has an endpoint of another version`);
      return {
        face: 'openai',
        endpoint,
        mostLines: limits.max_batch_lines,
        mostLineBytes: limits.max_request_bytes,
        mostEmbeddingInputs: DEFAULT_MOST_EMBEDDING_INPUTS,
        isServed: (model) => refuseModel(model, config, 'body.model') === undefined,
        contextTokensOf: createLongestContext(config),
      };
    }
  }
}

/**
 * The longest context that some backend has for a model; undefined as soon as one does not say how long its own is. Every
 * line asks: what is the same for all of them is worked out once for each model.
 */
function createLongestContext(config: Config): (model: string) => number | undefined {
  const groups = modelGroups(config);
  const found = new Map<string, number | undefined>();
  return (model) => {
    if (!found.has(model)) found.set(model, longestOf(backendsServing(groups.get(model) ?? [], config)));
    return found.get(model);
  };
}

function longestOf(backends: readonly BackendConfig[]): number | undefined {
  const known = backends.flatMap(({ context_tokens: tokens }) => tokens ?? []);
  return known.length === 0 || known.length < backends.length ? undefined : Math.max(...known);
}
