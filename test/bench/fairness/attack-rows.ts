import type { JobClass } from '@spillway/core';
import type { BenchTable } from '../bench-table.ts';
import { spread } from '../common/spread.ts';
import { type Figure, figure, quantile } from '../report.ts';
import type { Attack, AttackAnswer, AttackAsk } from './fairness-ask.ts';
import { CAPACITY } from './simulate-attack.ts';

/** One simulation a seed. */
export type AttackVariant = Omit<AttackAsk, 'seed'>;
export type AttackAnswers = (variant: AttackVariant) => readonly AttackAnswer[];

const OURS = 'spillway:local';
/** Requests a minute that a key may send: what its tenant's half of the engine answers. */
const REQUEST_CAP = Math.round((CAPACITY / 2) * 60);
const POLICIES = ['fifo', 'per-key', `per-key-rpm:${REQUEST_CAP}`, 'vtc', OURS];

const FLOOD: Attack = { name: '10 times as many', times: 10, keys: 1 };
const GREAT_FLOOD: Attack = { name: '50 times as many', times: 50, keys: 1 };
const SHARDED: Attack = { name: '10 times, over 50 keys', times: 10, keys: 50 };
const PINNED: Attack = { name: '10 times, all pinned', times: 10, keys: 1, pinned: true };

const variant = (
  policy: string,
  victimShare: number,
  attack?: Attack,
  jobClass: JobClass = 'standard',
): AttackVariant => ({ kind: 'attack', policy, victimShare, jobClass, ...(attack && { attack }) });

/** The victim with its half of the engine to itself. */
const alone = (victimShare: number, jobClass?: JobClass): AttackVariant =>
  variant(OURS, victimShare, undefined, jobClass);
/** A neighbour that asks for exactly its half. */
const neighbour = (victimShare: number): AttackVariant =>
  variant(OURS, victimShare, {
    name: 'a neighbour that keeps to its share',
    times: 1 / victimShare,
    keys: 1,
  });

const REFERENCES = { alone, neighbour } as const;
const NAMES = { alone: 'alone at its share', neighbour: 'beside a neighbour at its share' } as const;

/** A victim by the share of its half that it asks for, and what it is attacked with, under every policy. */
interface Victim {
  readonly share: number;
  readonly attacks: readonly Attack[];
  /** What its wait is measured by. One that never waits alone is measured beside a neighbour that keeps to its share. */
  readonly measuredBy: 'alone' | 'neighbour';
}

export interface AttackPlan {
  readonly victims: readonly Victim[];
  /** Other ways to take more than a share, tried on ours only. */
  readonly others: readonly { readonly jobClass: JobClass; readonly attack: Attack }[];
}

export const WHOLE_PLAN: AttackPlan = {
  victims: [
    { share: 1, attacks: [FLOOD, SHARDED], measuredBy: 'alone' },
    // Once is enough: a flood's size is the same to all but first come, first served.
    { share: 0.8, attacks: [FLOOD, GREAT_FLOOD, SHARDED], measuredBy: 'alone' },
    { share: 0.5, attacks: [FLOOD, SHARDED], measuredBy: 'neighbour' },
  ],
  others: [
    { jobClass: 'interactive', attack: FLOOD },
    { jobClass: 'interactive', attack: PINNED },
    { jobClass: 'standard', attack: PINNED },
    { jobClass: 'batch', attack: FLOOD },
    { jobClass: 'batch', attack: PINNED },
  ],
};
export const QUICK_PLAN: AttackPlan = {
  victims: [{ share: 0.8, attacks: [FLOOD, SHARDED], measuredBy: 'alone' }],
  others: [],
};
const OTHERS_SHARE = 0.8;

export const variantsOf = ({ victims, others }: AttackPlan): readonly AttackVariant[] => [
  ...victims.flatMap(({ share, attacks }) => [
    alone(share),
    neighbour(share),
    ...POLICIES.flatMap((policy) => attacks.map((attack) => variant(policy, share, attack))),
  ]),
  ...others.flatMap(({ jobClass, attack }) => [
    alone(OTHERS_SHARE, jobClass),
    variant(OURS, OTHERS_SHARE, attack, jobClass),
  ]),
];

export function attackTables(
  { victims, others }: AttackPlan,
  answersOf: AttackAnswers,
): readonly BenchTable[] {
  const wait = (asked: AttackVariant): string => spread(waitsOf(answersOf(asked)), 1);
  return [
    ...victims.map(({ share, attacks, measuredBy }) => ({
      title: `A victim that asks for ${100 * share} % of its share`,
      columns: ['Policy', ...attacks.map(({ name }) => `Attacker: ${name}`)],
      rows: POLICIES.map((policy) => [
        policy,
        ...attacks.map((attack) => {
          const asked = variant(policy, share, attack);
          return `${wait(asked)}, ${ratio(answersOf(asked), answersOf(REFERENCES[measuredBy](share)))}`;
        }),
      ]),
      notes: [
        `p99 of the victim's wait for an engine in s, and how many times that is its wait ${NAMES[measuredBy]}.`,
        `Ours waits ${wait(alone(share))} s alone, and ${wait(neighbour(share))} s beside such a neighbour.`,
      ],
    })),
    ...(others.length === 0 ? [] : [otherAttacks(others, answersOf)]),
  ];
}

function otherAttacks(others: AttackPlan['others'], answersOf: AttackAnswers): BenchTable {
  const wait = (asked: AttackVariant): string => spread(waitsOf(answersOf(asked)), 1);
  return {
    title: `Other attacks on ours, a victim that asks for ${100 * OTHERS_SHARE} % of its share`,
    columns: ['Class of both', 'Attacker', 'p99 wait s', 'Alone s', 'Ratio', 'Never began'],
    rows: others.map(({ jobClass, attack }) => {
      const asked = variant(OURS, OTHERS_SHARE, attack, jobClass);
      const reference = alone(OTHERS_SHARE, jobClass);
      return [
        jobClass,
        attack.name,
        wait(asked),
        wait(reference),
        ratio(answersOf(asked), answersOf(reference)),
        spread(
          answersOf(asked).map(({ neverBegan }) => neverBegan),
          0,
        ),
      ];
    }),
  };
}

/** The aim, for each attack and each victim. */
export const attackFigures = ({ victims }: AttackPlan, answersOf: AttackAnswers): readonly Figure[] =>
  victims.flatMap(({ share, attacks, measuredBy }) =>
    attacks.map((attack) =>
      figure({
        name: `victim at ${100 * share} %, attacker ${attack.name}: p99 wait`,
        values: waitsOf(answersOf(variant(OURS, share, attack))),
        unit: 's',
        baseline: { name: NAMES[measuredBy], values: waitsOf(answersOf(REFERENCES[measuredBy](share))) },
        aim: { atMostOfBaseline: 1.2 },
      }),
    ),
  );

const waitsOf = (answers: readonly AttackAnswer[]): readonly number[] =>
  answers.map(({ p99WaitSeconds }) => p99WaitSeconds);

/** Of the medians. */
function ratio(answers: readonly AttackAnswer[], alones: readonly AttackAnswer[]): string {
  const value = quantile(waitsOf(answers), 0.5) / quantile(waitsOf(alones), 0.5);
  return `${value.toFixed(value < 10 ? 2 : 0)}x`;
}
