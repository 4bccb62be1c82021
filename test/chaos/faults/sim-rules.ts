import { wait } from '@spillway/service-kit';
import type { SimRule } from './fault.ts';

/** The orders for trouble of one simulator, which forgets them whenever it dies. */
export interface SimRules {
  /** Replaces the fault in force; undefined for none. The standing rules are in force beside it, from their start. */
  order(rule: SimRule | undefined): Promise<void>;
  /** Gives a simulator that was started again its orders; resolves when it has taken them. */
  restore(): Promise<void>;
}

const TRY_AGAIN_MS = 100;
const ANSWER_LIMIT_MS = 1_000;
const BACK_WITHIN_MS = 30_000;

/** Every call rejects when the simulator refuses its orders, or does not answer within thirty seconds. */
export function createSimRules(url: string, standing: readonly SimRule[]): SimRules {
  let inForce: SimRule | undefined;
  const send = async (): Promise<void> => {
    const limit = AbortSignal.timeout(BACK_WITHIN_MS);
    const body = JSON.stringify({ rules: [...(inForce ? [inForce] : []), ...standing] });
    while (!limit.aborted) {
      const answer = await post(`${url}/_sim/faults`, body);
      if (answer?.ok) return;
      if (answer) throw new Error(`the simulator refused its orders: ${await answer.text()}`);
      await wait(TRY_AGAIN_MS, limit);
    }
    throw new Error(`the simulator at ${url} did not come back within ${BACK_WITHIN_MS / 1000} s`);
  };
  return {
    order: (rule) => {
      inForce = rule;
      return send();
    },
    restore: send,
  };
}

/** Undefined while nobody answers. */
async function post(url: string, body: string): Promise<Response | undefined> {
  try {
    const headers = { 'content-type': 'application/json' };
    const signal = AbortSignal.timeout(ANSWER_LIMIT_MS);
    return await fetch(url, { method: 'POST', headers, body, signal });
  } catch {
    return undefined;
  }
}
