import { DEFAULT_POLICY, ok, type Result, type SchedulingPolicy } from '@spillway/core';
import { parsePolicy, POLICY_HELP, type Policy } from '@spillway/simulation';
import { InvalidArgumentError } from 'commander';

/** Policies that need no number, by the name that asks for them: `depth[:N]` is asked for by `depth`. */
const ALL = Object.keys(POLICY_HELP)
  .map((name) => name.replace(/\[.*$/, ''))
  .filter((name) => parsePolicy(name).ok);

/** Policies that were named so far, and one more; `all` is every one that needs no number, ours first. */
export function collectPolicies(raw: string, before: readonly string[] = []): readonly string[] {
  if (raw === 'all') return [...new Set([...before, ...ALL])];
  const policy = parsePolicy(raw);
  if (!policy.ok) throw new InvalidArgumentError(`${policy.error} Or all.`);
  return [...new Set([...before, raw])];
}

/** The policy of that name; ours goes by the configuration's numbers, and a variant of ours by all but its own. */
export function policyOf(name: string, scheduling: SchedulingPolicy): Result<Policy, string> {
  const parsed = parsePolicy(name);
  if (!parsed.ok || !/^spillway(?::|$)/.test(name)) return parsed;
  const { mode } = parsed.value.scheduling.overflow;
  const isVariant = mode !== DEFAULT_POLICY.overflow.mode;
  const overflow = isVariant ? { ...scheduling.overflow, mode } : scheduling.overflow;
  return ok({ ...parsed.value, scheduling: { ...scheduling, overflow } });
}

/** A line of help for each. */
export const policyHelp = (): string => {
  const width = Math.max(...Object.keys(POLICY_HELP).map(({ length }) => length));
  return Object.entries(POLICY_HELP)
    .map(([name, text]) => `  ${name.padEnd(width)}  ${text}`)
    .join('\n');
};
