import type { FaultKind, FaultRule } from './fault-rule.ts';

/** The rules in force and how often each kind was played. The first rule that fits a request is the one played. */
export class FaultBook {
  #rules: { readonly rule: FaultRule; left: number }[] = [];
  #played: Partial<Record<FaultKind, number>> = {};

  replace(rules: readonly FaultRule[]): void {
    this.#rules = rules.map((rule) => ({ rule, left: rule.times ?? Infinity }));
  }

  /** The rule to play for this prompt, which is thereby used once; undefined for a request without trouble. */
  take(prompt: string, face?: FaultRule['face']): FaultRule | undefined {
    return this.#use(
      ({ kind, match, face: only }) =>
        kind !== 'unhealthy' &&
        (match === undefined || prompt.includes(match)) &&
        (only === undefined || only === face),
    );
  }

  /** Whether this health check is to fail. */
  takeUnhealthy(): boolean {
    return this.#use(({ kind }) => kind === 'unhealthy') !== undefined;
  }

  played(): Readonly<Partial<Record<FaultKind, number>>> {
    return { ...this.#played };
  }

  reset(): void {
    this.#rules = [];
    this.#played = {};
  }

  #use(fits: (rule: FaultRule) => boolean): FaultRule | undefined {
    // most requests meet no rule at all
    if (this.#rules.length === 0) return undefined;
    const found = this.#rules.find(({ rule, left }) => left > 0 && fits(rule));
    if (found === undefined) return undefined;
    found.left -= 1;
    this.#played[found.rule.kind] = (this.#played[found.rule.kind] ?? 0) + 1;
    return found.rule;
  }
}
