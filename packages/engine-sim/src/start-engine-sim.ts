import { SchemaMistakes } from './answers/schema-mistakes.ts';
import { BatchingEngine } from './engine/batching.ts';
import { EngineLoop } from './engine/engine-loop.ts';
import { BLOCK_TOKENS } from './engine/kv-blocks.ts';
import { powerModel } from './engine/power.ts';
import { RTX_4090_PROFILE, type StepProfile } from './engine/profile.ts';
import { DigestLog } from './faults/digest-log.ts';
import { FaultBook } from './faults/fault-book.ts';
import { openJournal } from './faults/journal.ts';
import { createEngineApp } from './http/engine/engine-app.ts';
import type { EngineDeps } from './http/engine/engine-deps.ts';
import { engineStats, type EngineStats } from './http/engine/engine-stats.ts';
import { listen } from './http/listen.ts';
import { speedFactor, type SimSpeed } from './sim-speed.ts';

export interface EngineSimOptions {
  /** 0 takes any free port. */
  readonly port?: number;
  readonly host?: string;
  readonly modelName?: string;
  /** Most requests running at once. */
  readonly maxNumSeqs?: number;
  readonly kvCapacityTokens?: number;
  /** False computes every prompt from its beginning, as vLLM does with `--no-enable-prefix-caching`. */
  readonly prefixCaching?: boolean;
  /** Clamped to what the KV cache holds, so that every accepted request can run. */
  readonly maxModelLen?: number;
  /** Waiting and running together; what comes on top gets 503. */
  readonly maxQueuedRequests?: number;
  readonly profile?: StepProfile;
  readonly speed?: SimSpeed;
  /** Changes the length and words of all answers. */
  readonly seed?: number;
  /** Share of inputs, 0 to 1, whose first answer to a JSON Schema does not fit it; later answers do. */
  readonly schemaMistakes?: number;
  /** False plays an engine without guided decoding: it refuses `response_format` with 400. */
  readonly jsonSchema?: boolean;
  readonly apiKey?: string;
  /** Power limit of the simulated card, 40 to 100 percent of 450 W; below 100 it is slower and draws less. */
  readonly powerLimitPercent?: number;
  /** A file that gets a line per arrival and end, written at once; it survives `kill -9` and later starts append. */
  readonly journalPath?: string;
}

export interface RunningEngineSim {
  readonly url: string;
  stats(): EngineStats;
  /** Cuts all connections and aborts what is under way; safe to call again. */
  close(): Promise<void>;
}

export const DEFAULT_SIM_MODEL = 'llama-3.1-8b-sim';

/** Starts a simulated vLLM server with the timing of one RTX 4090; rejects when the address cannot be had. */
export async function startEngineSim(options: EngineSimOptions = {}): Promise<RunningEngineSim> {
  const deps = createDeps(options);
  const listening = await listen(createEngineApp(deps), options.host ?? '127.0.0.1', options.port ?? 0);
  return {
    url: listening.url,
    stats: () => engineStats(deps),
    close: async () => {
      deps.loop.stop();
      await listening.close();
    },
  };
}

function createDeps(options: EngineSimOptions): EngineDeps {
  const {
    maxNumSeqs = 48,
    kvCapacityTokens = 96_000,
    maxModelLen = 32_768,
    maxQueuedRequests = 512,
  } = options;
  for (const [name, value] of Object.entries({ maxNumSeqs, maxModelLen, maxQueuedRequests })) {
    if (!Number.isInteger(value) || value < 1) throw new RangeError(`${name} must be a whole number above 0`);
  }
  if (kvCapacityTokens < BLOCK_TOKENS)
    throw new RangeError(`kvCapacityTokens must be at least ${BLOCK_TOKENS}`);
  const power = powerModel(options.powerLimitPercent ?? 100);
  const profile = options.profile ?? RTX_4090_PROFILE;
  const engine = new BatchingEngine({ profile, maxNumSeqs, kvCapacityTokens, speed: power.speed });
  const speed = speedFactor(options.speed ?? 1);
  return {
    loop: new EngineLoop(engine, { speed, maxQueuedRequests, nowMs: () => performance.now() }),
    power,
    faults: new FaultBook(),
    digests: new DigestLog(),
    journal: openJournal(options.journalPath),
    modelName: options.modelName ?? DEFAULT_SIM_MODEL,
    maxModelLen: Math.min(maxModelLen, engine.kvBlocks * BLOCK_TOKENS),
    prefixCaching: options.prefixCaching ?? true,
    seed: options.seed ?? 0,
    mistakes: new SchemaMistakes(options.schemaMistakes ?? 0),
    guidedDecoding: options.jsonSchema ?? true,
    apiKey: options.apiKey,
    startedAtSeconds: Math.floor(Date.now() / 1_000),
  };
}
