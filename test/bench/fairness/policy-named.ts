import { parsePolicy, type Policy } from '@spillway/simulation';

/** A policy by its name; baselines see room as the engine of the VTC artifact does, by the lengths of answers. */
export function policyNamed(name: string): Policy {
  const parsed = parsePolicy(name, { admission: 'peak' });
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}
