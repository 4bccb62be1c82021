import { probeLlamacpp, probeOllama, probeOpenAiShaped } from './probe.ts';

/** An engine that answered on this machine. */
export interface FoundEngine {
  readonly kind: 'vllm' | 'ollama' | 'llamacpp' | 'local-compatible';
  readonly url: string;
  /** As the engine names them; at least one. */
  readonly models: readonly string[];
  readonly contextTokens?: number;
  /** Requests it runs at once, where it says so. */
  readonly slots?: number;
  readonly version?: string;
}

/** A cloud account whose key stands in the environment. */
export interface FoundCloud {
  readonly kind: 'openai' | 'anthropic';
  /** The variable the key stands in; the key itself is not read. */
  readonly keyVariable: string;
  readonly url?: string;
}

export interface Found {
  readonly engines: readonly FoundEngine[];
  readonly clouds: readonly FoundCloud[];
}

/** Where each kind of engine listens unless told otherwise. */
export const USUAL_URLS = {
  openAiShaped: 'http://127.0.0.1:8000',
  ollama: 'http://127.0.0.1:11434',
  llamacpp: 'http://127.0.0.1:8080',
} as const;

/** Looks for engines on their usual local ports, for under a second, and for cloud keys in the environment. */
export async function detectBackends(
  env: Readonly<Record<string, string | undefined>>,
  urls: Readonly<Record<keyof typeof USUAL_URLS, string>> = USUAL_URLS,
): Promise<Found> {
  const engines = await Promise.all([
    probeOpenAiShaped(urls.openAiShaped),
    probeOllama(urls.ollama),
    probeLlamacpp(urls.llamacpp),
  ]);
  return { engines: engines.filter((engine) => engine !== undefined), clouds: cloudsOf(env) };
}

function cloudsOf(env: Readonly<Record<string, string | undefined>>): readonly FoundCloud[] {
  const accounts = [
    { kind: 'openai', keyVariable: 'OPENAI_API_KEY', url: env['OPENAI_BASE_URL'] },
    { kind: 'anthropic', keyVariable: 'ANTHROPIC_API_KEY', url: env['ANTHROPIC_BASE_URL'] },
  ] as const;
  return accounts
    .filter(({ keyVariable }) => Boolean(env[keyVariable]))
    .map(({ kind, keyVariable, url }) => ({ kind, keyVariable, ...(url && { url }) }));
}
