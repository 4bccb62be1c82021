import type { Found } from '@spillway/local-platform';
import { plainText } from '../output/plain-text.ts';
import { found, type Finding } from './finding.ts';

/** The inference engines that answer on this machine. */
export function checkEngines(engines: Found['engines']): Finding {
  if (engines.length > 0) {
    const names = engines.map(({ kind, url, models }) => `${kind} on ${url} (${models.join(', ')})`);
    return found('engines', plainText(names.join('; ')));
  }
  return {
    name: 'engines',
    status: 'fallback',
    detail: 'none on the usual ports (vLLM 8000, Ollama 11434, llama.cpp 8080): a simulated engine stands in',
    fix: 'start one, or name its url in spillway.yaml',
  };
}
