import type { Found } from '@spillway/local-platform';
import { found, type Finding } from './finding.ts';

/** Which cloud accounts have a key in the environment, by the variable's name. */
export function checkKeys(clouds: Found['clouds']): Finding {
  if (clouds.length > 0) return found('cloud keys', clouds.map(({ keyVariable }) => keyVariable).join(', '));
  const fix = 'set OPENAI_API_KEY or ANTHROPIC_API_KEY to let jobs overflow to the cloud';
  return { name: 'cloud keys', status: 'info', detail: 'none set: every job stays local', fix };
}
