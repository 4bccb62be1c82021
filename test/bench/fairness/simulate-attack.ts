import type { JobClass } from '@spillway/core';
import {
  type Deployment,
  type LocalSpec,
  type Outcomes,
  overflowDeployment,
  simulate,
  type Trace,
  type TraceJob,
} from '@spillway/simulation';
import { createRandom } from '../../src/random.ts';
import { quantile } from '../report.ts';
import type { Attack, AttackAnswer, AttackAsk } from './fairness-ask.ts';
import { policyNamed } from './policy-named.ts';

const LENGTH_MS = 1_200_000;
/** Requests a second of the Azure conversation trace that one RTX 4090 answers when it never idles. */
export const CAPACITY = 3.4;
const VICTIM = 'victim';

/**
 * A victim that asks for less than its half of an engine, and an attacker that asks for many times as much; or the
 * victim alone on an engine of half the speed, which is what its fair half is. Prompts and answers are drawn from the
 * trace, arrivals of both are Poisson's, and the victim's are the same whoever else comes.
 */
export function simulateAttack(
  { records }: Trace,
  { policy, seed, victimShare, attack, jobClass }: AttackAsk,
): AttackAnswer {
  const perSecond = (victimShare * CAPACITY) / 2;
  const victim = requests(records, { tenant: VICTIM, perSecond, jobClass, seed });
  const attacker = attack === undefined ? [] : attackOf(records, attack, { perSecond, jobClass, seed });
  const { outcomes } = simulate(
    [...victim, ...attacker].toSorted((a, b) => a.atMs - b.atMs),
    attack === undefined ? oneEngine(0.5) : oneEngine(1),
    policyNamed(policy),
  );
  return waitsOfVictim(outcomes);
}

interface Stream {
  readonly tenant: string;
  readonly perSecond: number;
  readonly jobClass: JobClass;
  readonly seed: number;
}

const attackOf = (
  records: Trace['records'],
  { times, keys, pinned = false }: Attack,
  { perSecond, seed, jobClass }: Omit<Stream, 'tenant'>,
): readonly TraceJob[] =>
  requests(records, { tenant: 'attacker', perSecond: perSecond * times, jobClass, seed: seed + 1000 }).map(
    (job, index) => ({ ...job, pinned, key: `attacker-${index % keys}` }),
  );

function requests(
  records: Trace['records'],
  { tenant, perSecond, jobClass, seed }: Stream,
): readonly TraceJob[] {
  const random = createRandom(seed);
  const jobs: TraceJob[] = [];
  const gapMs = (): number => (-Math.log(1 - random.next()) * 1000) / perSecond;
  for (let atMs = gapMs(); atMs < LENGTH_MS; atMs += gapMs()) {
    const { inputTokens, outputTokens } = random.pick(records);
    jobs.push({ atMs, tenant, jobClass, pinned: false, inputTokens, outputTokens });
  }
  return jobs;
}

/** The RTX 4090 of the overflow benchmark, without its cloud. */
const oneEngine = (speed: number): Deployment => ({
  backends: overflowDeployment()
    .backends.filter((backend) => backend.location === 'local')
    .map((backend) => slowed(backend, speed)),
});

function slowed(backend: LocalSpec, speed: number): LocalSpec {
  const { engine } = backend;
  if (engine.kind !== 'batching') throw new Error('there is no such engine');
  const { baseMs, perSequenceMs, perPrefillTokenMs } = engine.profile;
  const profile = {
    baseMs: baseMs / speed,
    perSequenceMs: perSequenceMs / speed,
    perPrefillTokenMs: perPrefillTokenMs / speed,
  };
  return { ...backend, engine: { ...engine, profile } };
}

function waitsOfVictim({
  length,
  tenants,
  tenant,
  arrivedAtMs,
  beganAtMs,
  finishedAtMs,
}: Outcomes): AttackAnswer {
  const victim = tenants.indexOf(VICTIM);
  const waits: number[] = [];
  let neverBegan = 0;
  for (let index = 0; index < length; index += 1) {
    if (tenant[index] !== victim) continue;
    const hasBegun = !Number.isNaN(beganAtMs[index]);
    if (!hasBegun) neverBegan += 1;
    const untilMs = (hasBegun ? beganAtMs[index] : finishedAtMs[index]) ?? Number.NaN;
    waits.push((untilMs - (arrivedAtMs[index] ?? Number.NaN)) / 1000);
  }
  return { kind: 'attack', p99WaitSeconds: quantile(waits, 0.99), neverBegan };
}
