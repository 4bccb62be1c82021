import { DEFAULT_MODEL, type BackendSpec } from '@spillway/simulation';
import { formatCount } from '../output/format.ts';

/** A backend in one line, for the report. */
export function describeBackend(backend: BackendSpec): string {
  const models = (backend.models ?? [DEFAULT_MODEL]).join(', ');
  const parts = [models, `${formatCount(backend.slots)} jobs at once`];
  if (backend.location === 'cloud') {
    const { price, latency } = backend;
    parts.push(`$${price.inputUsdPerMillion} in and $${price.outputUsdPerMillion} out per million tokens`);
    parts.push(`first token after ${latency.firstTokenMs.p50} ms, then ${latency.perTokenMs} ms a token`);
    return parts.join('; ');
  }
  const { engine } = backend;
  if (engine.kind === 'batching') {
    const { baseMs, perSequenceMs, perPrefillTokenMs } = engine.profile;
    parts.push(`KV cache of ${formatCount(engine.kvCapacityTokens)} tokens`);
    parts.push(`step ${baseMs} ms + ${perSequenceMs} ms a sequence + ${perPrefillTokenMs} ms a prompt token`);
  }
  if (backend.powerLimitPercent !== undefined) parts.push(`${backend.powerLimitPercent} % power`);
  if (backend.usdPerKwh !== undefined) parts.push(`$${backend.usdPerKwh} per kWh`);
  return parts.join('; ');
}
