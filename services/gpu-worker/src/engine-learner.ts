import { hash } from 'node:crypto';
import type { LocalBackendConfig } from '@spillway/contracts';
import {
  type AttemptOutcome,
  type EngineProfile,
  learnReliability,
  profileOf,
  type Reliability,
} from '@spillway/core';
import type { BackendDescriptor, Claim } from '@spillway/redis';
import type { Judgement } from '@spillway/worker-loop';
import { createAttemptLoad, type LoadSeen } from './attempt-load.ts';
import { type EngineKnowledge, KNOWS_NOTHING, learnFromAnswer, readKnowledge } from './engine-knowledge.ts';

type Run = (claim: Claim, signal: AbortSignal) => Promise<AttemptOutcome>;

/** What the heartbeat tells of the attempts so far. */
export interface Learned extends Pick<BackendDescriptor, 'energy'> {
  readonly profile: EngineProfile;
  readonly reliability: Reliability;
  /** For the next worker; absent before the first answer, so that what another one has left stays. */
  readonly profileEstimate?: Estimate;
}

interface Estimate {
  readonly engine: string;
  readonly knowledge: EngineKnowledge;
}

/** Learns how fast and how reliable one engine is, and what a token costs there, from the attempts it runs. */
export interface EngineLearner {
  /** Goes on where another worker left off, if that was the same kind of engine and it had learned more. */
  resume(before: BackendDescriptor | undefined): void;
  /** The same attempts; those that are completed teach. */
  observe(run: Run): Run;
  judge(judgement: Judgement): void;
  learned(): Learned;
}

export interface EngineLearnerDeps {
  readonly config: () => LocalBackendConfig;
  readonly nowMs: () => number;
  readonly simulated: () => boolean;
  /** Told of each answer that teaches but the first: what it took as a multiple of what was expected before it. */
  readonly onErrorRatio: (ratio: number) => void;
}

/** Another engine behind the name, by a change of the configuration, is learned anew. */
export function createEngineLearner(deps: EngineLearnerDeps): EngineLearner {
  const { config, nowMs, simulated, onErrorRatio } = deps;
  const load = createAttemptLoad();
  let address = addressOf(config());
  let knowledge = KNOWS_NOTHING;

  const current = (): EngineKnowledge => {
    const now = addressOf(config());
    if (now !== address) knowledge = KNOWS_NOTHING;
    address = now;
    return knowledge;
  };
  const kind = (): string => kindOf(config(), simulated());
  return {
    resume: (before) => {
      const estimate = before?.profileEstimate as Partial<Estimate> | null | undefined;
      const left = estimate?.engine === kind() ? readKnowledge(estimate.knowledge) : undefined;
      if (left !== undefined && left.profile.samples > current().profile.samples) knowledge = left;
    },
    observe: (run) => async (claim, signal) => {
      const { computedShare } = current();
      const asked = address;
      const estimated = claim.features.inputTokens;
      const handle = load.begin(nowMs(), estimated * computedShare);
      let seen: LoadSeen | undefined;
      let outcome: AttemptOutcome;
      try {
        outcome = await run(claim, signal);
      } finally {
        // also for an attempt that throws: left open, it would count as company for ever
        seen = load.end(handle, nowMs());
      }
      const before = current();
      // an answer of the engine that was there before says nothing of the one that is there now
      if (outcome.kind === 'completed' && seen !== undefined && asked === address) {
        const lesson = learnFromAnswer(before, outcome.usage, seen, estimated);
        knowledge = lesson.knowledge;
        if (lesson.errorRatio !== undefined) onErrorRatio(lesson.errorRatio);
      }
      return outcome;
    },
    judge: (judgement) => {
      const before = current();
      knowledge = { ...before, reliability: learnReliability(before.reliability, judgement) };
    },
    learned: () => {
      const { profile, reliability, joules, tokens } = current();
      const usdPerKwh = config().electricity_usd_per_kwh ?? 0;
      return {
        profile: profileOf(profile),
        reliability,
        ...(profile.samples > 0 && { profileEstimate: { engine: kind(), knowledge } }),
        ...(tokens > 0 && { energy: { joulesPerToken: joules / tokens, usdPerKwh } }),
      };
    },
  };
}

const addressOf = ({ kind, url, models }: LocalBackendConfig): string => JSON.stringify([kind, url, models]);

/** Engines of which one teaches what is true of the other, too. */
const kindOf = ({ kind, models }: LocalBackendConfig, simulated: boolean): string =>
  hash('sha256', JSON.stringify([kind, simulated, models]), 'base64url');
