import {
  affinityDeployment,
  bundledTrace,
  type Deployment,
  parsePolicy,
  type PolicyReport,
  readTrace,
  shapeTrace,
  simulate,
  type Trace,
} from '@spillway/simulation';
import type { Bench } from '../bench.ts';
import { type Figure, figure } from '../report.ts';
import { PUBLISHED, type PublishedRouter } from './published-routers.ts';

const POLICIES = [
  'random',
  'round-robin',
  'least-load',
  'chwbl',
  'weighted',
  'time-cost',
  'spillway:at-once',
  'spillway',
] as const;
const REPLICAS = [4, 8] as const;
/** Where late binding begins to matter: a slot is held while an answer is written, too. */
const FEW_SLOTS = [4, 6, 8, 16] as const;
/** Seconds to the first token at eight replicas. */
const AIM_SECONDS = 1;
const DAY_MS = 86_400_000;

/**
 * Which router finds prompts in the caches of its replicas: the Mooncake conversation trace on engines that compute one
 * prompt after the other, 0.1 ms for each token that is not cached, and remember 4,000 blocks of 512 tokens each. One
 * tenant, every job interactive, and deadlines so long that nothing expires: only placement is compared.
 */
export const affinity: Bench = {
  name: 'affinity',
  about: 'prefix caches found and time to first token on the Mooncake trace, beside six routers',
  runs: 1,
  run: async ({ say, signal, show }) => {
    const read = await readTrace(bundledTrace('mooncake-conversation'));
    if (!read.ok) throw new Error(read.error);
    const means = new Map<string, number>();
    for (const replicas of REPLICAS) {
      const rows = POLICIES.map((policy): readonly string[] => {
        const report = route(read.value, affinityDeployment(replicas), policy, signal);
        means.set(`${replicas} ${policy}`, report.firstToken.mean);
        say(`${replicas} replicas, ${policy}: ${report.firstToken.mean.toFixed(2)} s`);
        return rowOf(policy, report, PUBLISHED[replicas]?.[policy]);
      });
      show({ title: `${replicas} replicas`, columns: COLUMNS, rows, notes: [EARLIER] });
    }
    const bySlots = FEW_SLOTS.map((slots): readonly string[] => {
      const { backends } = affinityDeployment(8);
      const deployment = { backends: backends.map((backend) => ({ ...backend, slots })) };
      const { firstToken } = route(read.value, deployment, 'spillway', signal);
      return [String(slots), firstToken.mean.toFixed(2), firstToken.p99.toFixed(1)];
    });
    show({
      title: '8 replicas with few slots, spillway',
      columns: ['slots', 'mean s', 'p99 s'],
      rows: bySlots,
      notes: [
        'A slot is held while its answer is written, too: fewer slots than answers under way leave an engine idle.',
      ],
    });
    return figuresOf((replicas, policy) => means.get(`${replicas} ${policy}`) ?? Number.NaN);
  },
};

const EARLIER = 'Earlier: an earlier simulation of the same trace.';
const COLUMNS = ['policy', 'hits %', 'mean s', 'p99 s', 'earlier hits %', 'mean s', 'p99 s'] as const;

const rowOf = (
  policy: string,
  { engine, firstToken }: PolicyReport,
  earlier: PublishedRouter | undefined,
): readonly string[] => [
  policy,
  (100 * engine.prefixHitRate).toFixed(1),
  firstToken.mean.toFixed(2),
  firstToken.p99.toFixed(1),
  earlier?.hitShare === undefined ? '' : (100 * earlier.hitShare).toFixed(1),
  earlier?.meanSeconds.toFixed(2) ?? '',
  earlier?.p99Seconds?.toFixed(1) ?? '',
];

function route(trace: Trace, deployment: Deployment, name: string, signal: AbortSignal): PolicyReport {
  const policy = parsePolicy(name);
  if (!policy.ok) throw new Error(policy.error);
  const jobs = shapeTrace(trace.records, {
    seed: 1,
    load: 1,
    mix: { interactive: 1, standard: 0, batch: 0 },
  });
  return simulate(jobs, deployment, policy.value, {
    late: 'run',
    deadlineMs: { interactive: DAY_MS, standard: DAY_MS, batch: DAY_MS },
    dispatchMs: 0,
    tickMs: 0,
    profiles: 'known',
    signal,
  }).report;
}

const figuresOf = (meanOf: (replicas: number, policy: string) => number): readonly Figure[] =>
  REPLICAS.map((replicas) =>
    figure({
      name: `${replicas} replicas, mean time to first token`,
      values: [meanOf(replicas, 'spillway')],
      unit: 's',
      baseline: { name: 'least-load', values: [meanOf(replicas, 'least-load')] },
      ...(replicas === 8 && { aim: { atMost: AIM_SECONDS } }),
    }),
  );
