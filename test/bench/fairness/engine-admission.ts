import type { Decider, Policy, World } from '@spillway/simulation';

/**
 * The policy in front of an engine that itself admits by the fullest moment of its KV cache, as LightLLM does, and knows
 * how long answers will be: the order is the policy's, room is the engine's business. One job at a time.
 */
export const withEngineAdmission = (policy: Policy): Policy => ({
  ...policy,
  open: (world) => {
    const decider = policy.open(world);
    return { ...decider, decide: (snapshot) => decideOne(decider, world, snapshot) };
  },
});

function decideOne(
  decider: Decider,
  world: World,
  snapshot: Parameters<Decider['decide']>[0],
): ReturnType<Decider['decide']> {
  const backends = snapshot.backends.map((backend) => ({
    ...backend,
    slots: Math.min(backend.slots, backend.held + 1),
    // Not the scheduler's to judge here.
    heldTokens: 0,
    kvCapacityTokens: Number.MAX_SAFE_INTEGER,
  }));
  const decision = decider.decide({ ...snapshot, backends });
  const assignments = decision.assignments.slice(0, 1).filter(({ job, backendId }) => {
    const capacity = snapshot.backends.find(({ id }) => id === backendId)?.kvCapacityTokens ?? Infinity;
    const held = Array.from(world.heldBy(backendId), sizeOf);
    const next = { now: job.inputTokens + 1, left: world.outputOf(job.id) - 1 };
    return held.length === 0 || fullest([...held, next]) < capacity;
  });
  return { ...decision, assignments, unfinished: assignments.length > 0 };
}

interface Size {
  /** KV tokens now, and tokens still to come. */
  readonly now: number;
  readonly left: number;
}

type HeldJob = ReturnType<World['heldBy']> extends Iterable<infer Held> ? Held : never;

const sizeOf = ({ inputTokens, outputTokens, generated }: HeldJob): Size => ({
  now: inputTokens + generated,
  left: Math.max(0, outputTokens - generated - 1),
});

/** KV tokens at the fullest moment, which is just before one of them ends. */
function fullest(sizes: readonly Size[]): number {
  let most = 0;
  let now = 0;
  for (const [index, size] of sizes.toSorted((a, b) => b.left - a.left).entries()) {
    now += size.now;
    most = Math.max(most, now + size.left * (index + 1));
  }
  return most;
}
