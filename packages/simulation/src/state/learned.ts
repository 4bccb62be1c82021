import {
  type BackendId,
  createPrefixIndex,
  learnOutputLength,
  type OutputLength,
  outputLengthKey,
  type OutputLengths,
  type PrefixLookup,
  type TenantId,
} from '@spillway/core';

/** What the scheduler learns while it works: lengths of answers, and which prompts went where. */
export class Learned {
  readonly #lengths = new Map<string, OutputLength>();
  readonly #prefixes = createPrefixIndex();

  get outputLengths(): OutputLengths {
    return this.#lengths;
  }
  get prefixes(): PrefixLookup {
    return this.#prefixes;
  }

  answered(tenantId: TenantId, model: string, task: string, outputTokens: number): void {
    for (const key of [
      outputLengthKey(tenantId, model, task),
      outputLengthKey(tenantId, model, '*'),
      outputLengthKey('*', model, '*'),
    ])
      this.#lengths.set(key, learnOutputLength(this.#lengths.get(key), outputTokens));
  }

  sent(backendId: BackendId, prefix: readonly number[], capacityBlocks: number): void {
    if (prefix.length > 0) this.#prefixes.note(backendId, prefix, capacityBlocks);
  }
}
