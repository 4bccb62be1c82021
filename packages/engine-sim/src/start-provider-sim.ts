import { DigestLog } from './faults/digest-log.ts';
import { FaultBook } from './faults/fault-book.ts';
import { openJournal } from './faults/journal.ts';
import { listen } from './http/listen.ts';
import { PromptCache } from './http/provider/prompt-cache.ts';
import { createProviderApp } from './http/provider/provider-app.ts';
import type { ProviderDeps } from './http/provider/provider-deps.ts';
import { ProviderMeter, type ProviderCounts } from './http/provider/provider-meter.ts';
import { RateWindow } from './http/provider/rate-window.ts';
import { speedFactor, type SimSpeed } from './sim-speed.ts';

export interface ProviderSimOptions {
  /** 0 takes any free port. */
  readonly port?: number;
  readonly host?: string;
  readonly speed?: SimSpeed;
  /** The one key both faces take; without it any key passes. */
  readonly apiKey?: string;
  /** Changes the length and words of all answers. */
  readonly seed?: number;
  /** Milliseconds at speed 1. */
  readonly latency?: { readonly firstTokenMs: number; readonly perTokenMs: number };
  /** For each face; without it nothing is refused. */
  readonly requestsPerMinute?: number;
  /** A file that gets a line per arrival and end, written at once; it survives `kill -9` and later starts append. */
  readonly journalPath?: string;
}

export interface ProviderStats extends ProviderCounts {
  /** Digests of the prompts that arrived, oldest first, the last 10,000; those that met a fault included. */
  readonly digestsSeen: readonly string[];
}

export interface RunningProviderSim {
  readonly url: string;
  /** Base URLs as the official clients want them. */
  readonly openaiBaseUrl: string;
  readonly anthropicBaseUrl: string;
  stats(): ProviderStats;
  /** Cuts all connections; safe to call again. */
  close(): Promise<void>;
}

const DEFAULT_LATENCY = { firstTokenMs: 400, perTokenMs: 12 };

/** Starts a server that plays OpenAI and Anthropic; rejects when the address cannot be had. */
export async function startProviderSim(options: ProviderSimOptions = {}): Promise<RunningProviderSim> {
  const deps = createDeps(options);
  const { url, close } = await listen(
    createProviderApp(deps),
    options.host ?? '127.0.0.1',
    options.port ?? 0,
  );
  return {
    url,
    openaiBaseUrl: `${url}/openai/v1`,
    anthropicBaseUrl: `${url}/anthropic`,
    stats: () => ({ ...deps.meter.stats(), digestsSeen: deps.digests.all() }),
    close,
  };
}

function createDeps(options: ProviderSimOptions): ProviderDeps {
  const factor = speedFactor(options.speed ?? 1);
  const { firstTokenMs, perTokenMs } = options.latency ?? DEFAULT_LATENCY;
  return {
    meter: new ProviderMeter(),
    faults: new FaultBook(),
    digests: new DigestLog(),
    journal: openJournal(options.journalPath),
    cache: new PromptCache(),
    windows: {
      openai: new RateWindow(options.requestsPerMinute),
      anthropic: new RateWindow(options.requestsPerMinute),
    },
    latency: { firstTokenMs: firstTokenMs / factor, perTokenMs: perTokenMs / factor },
    seed: options.seed ?? 0,
    apiKey: options.apiKey,
  };
}
