import { z } from 'zod';
import type { FoundEngine } from './detect-backends.ts';

const modelListSchema = z.object({
  data: z.array(z.object({ id: z.string().min(1), max_model_len: z.int().positive().nullish() })).min(1),
});
const versionSchema = z.object({ version: z.string() });
const tagsSchema = z.object({ models: z.array(z.object({ name: z.string().min(1) })).min(1) });
const propsSchema = z.object({
  total_slots: z.int().positive(),
  default_generation_settings: z.object({ n_ctx: z.int().positive().optional() }).optional(),
});

/** vLLM, or another engine with OpenAI's interface where /version is not answered. */
export async function probeOpenAiShaped(url: string): Promise<FoundEngine | undefined> {
  const [list, version] = await Promise.all([
    ask(url, '/v1/models', modelListSchema),
    ask(url, '/version', versionSchema),
  ]);
  if (!list) return undefined;
  const [first] = list.data;
  return {
    kind: version ? 'vllm' : 'local-compatible',
    url,
    models: list.data.map(({ id }) => id),
    ...(first?.max_model_len && { contextTokens: first.max_model_len }),
    ...version,
  };
}

export async function probeOllama(url: string): Promise<FoundEngine | undefined> {
  const [tags, version] = await Promise.all([
    ask(url, '/api/tags', tagsSchema),
    ask(url, '/api/version', versionSchema),
  ]);
  return tags && { kind: 'ollama', url, models: tags.models.map(({ name }) => name), ...version };
}

/** llama.cpp's server says how many slots it has; whatever else lists models on that port is taken as compatible. */
export async function probeLlamacpp(url: string): Promise<FoundEngine | undefined> {
  const [list, props] = await Promise.all([
    ask(url, '/v1/models', modelListSchema),
    ask(url, '/props', propsSchema),
  ]);
  if (!list) return undefined;
  const models = list.data.map(({ id }) => id);
  if (!props) return { kind: 'local-compatible', url, models };
  const contextTokens = props.default_generation_settings?.n_ctx;
  return { kind: 'llamacpp', url, models, slots: props.total_slots, ...(contextTokens && { contextTokens }) };
}

/** An engine on this machine answers these in a few milliseconds, even under load. */
const PROBE_LIMIT_MS = 800;

async function ask<T>(url: string, path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  try {
    const response = await fetch(url + path, {
      redirect: 'error',
      signal: AbortSignal.timeout(PROBE_LIMIT_MS),
    });
    return response.ok ? schema.safeParse(await response.json()).data : undefined;
  } catch {
    // nobody there, or nobody who speaks this
    return undefined;
  }
}
