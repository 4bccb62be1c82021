import { JOB_CLASSES } from '@spillway/core';
import { formatCount, formatKwh, formatSeconds, formatShare, formatUsd } from './format-figures.ts';
import type { PolicySummary } from './summarise-policies.ts';

/** A column of the comparison: its heading, what it says of a policy, and what the heading means. */
export interface ComparisonColumn {
  readonly head: string;
  readonly title: string;
  readonly cell: (summary: PolicySummary) => string;
}

/** The comparison of policies as a terminal and a page show it, from left to right. */
export function comparisonColumns(summaries: readonly PolicySummary[]): readonly ComparisonColumn[] {
  const classes = JOB_CLASSES.filter((name) => summaries.some(({ missedShare }) => name in missedShare));
  return [
    { head: 'policy', title: 'Who decides', cell: ({ policy }) => policy },
    ...classes.map((name) => ({
      head: `missed ${name}`,
      title: `Share of ${name} jobs that were not finished by their deadline`,
      cell: ({ missedShare }: PolicySummary) => formatShare(missedShare[name] ?? 0),
    })),
    {
      head: 'missed pinned',
      title: 'Jobs that had to stay local and were not finished by their deadline',
      cell: ({ pinnedMissed, pinnedJobs }) => (pinnedJobs === 0 ? '–' : formatCount(pinnedMissed)),
    },
    {
      head: 'to cloud',
      title: 'Share of all jobs that a cloud backend ran',
      cell: ({ cloudShare }) => formatShare(cloudShare),
    },
    {
      head: 'cloud $/h',
      title: 'The cloud bill over the time in which requests came',
      cell: ({ usdPerHour }) => formatUsd(usdPerHour),
    },
    {
      head: 'kWh',
      title: 'Energy the local GPUs took, from the first arrival to the last answer',
      cell: ({ kwh }) => formatKwh(kwh),
    },
    ...classes.map((name) => ({
      head: `p99 wait ${name}`,
      title: `99 of 100 ${name} jobs began within this time`,
      cell: ({ waitP99 }: PolicySummary) => formatSeconds(waitP99[name] ?? 0),
    })),
    // over all classes it would be the one of those that are meant to wait
    ...(classes.length > 1
      ? []
      : [
          {
            head: 'p99 first token',
            title: '99 of 100 answers began within this time of the arrival',
            cell: ({ firstTokenP99 }: PolicySummary) => formatSeconds(firstTokenP99),
          },
        ]),
    {
      head: 'flips',
      title: 'Times overflow began or ended',
      cell: ({ flips }) => formatCount(flips),
    },
    ...(summaries.some(({ prefixHitRate }) => prefixHitRate > 0)
      ? [
          {
            head: 'cache hits',
            title: 'Share of prompt tokens that a prefix cache already held',
            cell: ({ prefixHitRate }: PolicySummary) => formatShare(prefixHitRate),
          },
        ]
      : []),
  ];
}
