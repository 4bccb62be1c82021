import { decodeMs, type EngineProfile, prefillMs, RTX_4090 } from '../../prediction/engine-profile.ts';
import type { BackendView } from '../snapshot.ts';

/** The local backends that serve a model group, as one place that works off what waits for it. */
export interface Pool {
  /** Tells pools apart: the ids of its backends. */
  readonly key: string;
  readonly backends: readonly BackendView[];
  /** Those that work now. */
  readonly working: number;
  /** Time one token takes of one working backend with all its slots in use, in ms: work is their sum. */
  readonly inputTokenMs: number;
  readonly outputTokenMs: number;
  /** How long all of them have been down, in ms; 0 while one is up. */
  readonly downForMs: number;
  /** Completions its best known engine was learned from. */
  readonly samples: number;
  /** Prompt and answer of the jobs it holds, on average; undefined while it holds none. */
  readonly heldTokensPerJob: number | undefined;
  /** An engine like those of the pool, and its slots. */
  readonly profile: EngineProfile;
  readonly slots: number;
}

export function openPool(key: string, backends: readonly BackendView[]): Pool {
  const working = backends.filter(({ health, slots }) => health.kind === 'up' && slots > 0);
  // Of backends that differ, the pool is as fast as their rates together: means of rates, not of times.
  let inputRate = 0;
  let outputRate = 0;
  const samples = Math.max(0, ...backends.map((backend) => engineProfileOf(backend).samples));
  let slots = 0;
  let held = 0;
  let heldTokens = 0;
  for (const backend of working) {
    const { baseMs, perSequenceMs, perPrefillTokenMs, prefillFactor, decodeFactor } =
      engineProfileOf(backend);
    inputRate += prefillFactor / perPrefillTokenMs;
    outputRate += decodeFactor / (baseMs / backend.slots + perSequenceMs);
    slots += backend.slots;
    held += backend.held;
    heldTokens += backend.heldTokens;
  }
  return {
    key,
    backends,
    working: working.length,
    downForMs: Math.min(...backends.map(({ health }) => (health.kind === 'down' ? health.forMs : 0))),
    inputTokenMs: working.length / inputRate,
    outputTokenMs: working.length / outputRate,
    samples,
    heldTokensPerJob: held === 0 ? undefined : heldTokens / held,
    profile: working[0] === undefined ? RTX_4090 : engineProfileOf(working[0]),
    slots: slots / working.length,
  };
}

export const engineProfileOf = ({ profile }: BackendView): EngineProfile => profile ?? RTX_4090;

/** Work of so many tokens, in ms of one backend of the pool. */
export const poolWorkMs = (pool: Pool, inputTokens: number, outputTokens: number): number =>
  inputTokens * pool.inputTokenMs + outputTokens * pool.outputTokenMs;

/** A job that joins the batch while another one is in it, on average, in tokens. */
export interface Joining {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** A prompt of a published trace (Azure, 2023): the guess where no jobs can be looked at. */
export const ORDINARY_PROMPT = 1155;

/** What joins is like what is there: one long prompt that waits says nothing of the others. */
export const joiningOf = ({ heldTokensPerJob }: Pool, outputTokens: number): Joining => ({
  inputTokens:
    heldTokensPerJob === undefined ? ORDINARY_PROMPT : Math.max(0, heldTokensPerJob - outputTokens),
  outputTokens,
});

/** From dispatch to the last token on a pool at work, in ms. */
export const poolResidenceMs = (
  pool: Pool,
  inputTokens: number,
  outputTokens: number,
  joining: Joining,
): number =>
  prefillMs(pool.profile, pool.slots, inputTokens) +
  decodeMs(pool.profile, pool.slots, outputTokens, joining.inputTokens, joining.outputTokens);
