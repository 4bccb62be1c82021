import {
  type Decider,
  peakTokens,
  type Policy,
  shareOfHeld,
  shareOfNext,
  type World,
} from '@spillway/simulation';

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
    const held = Array.from(world.heldBy(backendId), shareOfHeld);
    const next = shareOfNext(job.inputTokens, world.outputOf(job.id));
    return held.length === 0 || peakTokens([...held, next]) < capacity;
  });
  return { ...decision, assignments, unfinished: assignments.length > 0 };
}
