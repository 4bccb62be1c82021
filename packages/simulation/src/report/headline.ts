import { JOB_CLASSES } from '@spillway/core';
import { formatCount, formatKwh, formatSeconds, formatShare, formatUsd } from './format-figures.ts';
import type { SimulationReport } from './simulation-report.ts';
import type { PolicySummary } from './summarise-policies.ts';

/** One large number, and what it is to be seen beside. */
export interface Tile {
  readonly name: string;
  readonly figure: string;
  readonly beside: string;
}

/** The figures of the first policy, each beside that of the second one. */
export function headlineTiles([hero, other]: readonly PolicySummary[]): readonly Tile[] {
  if (hero === undefined) return [];
  const tile = (name: string, figure: (summary: PolicySummary) => string): Tile => ({
    name,
    figure: figure(hero),
    beside: other === undefined ? '' : `${other.policy}: ${figure(other)}`,
  });
  return [
    tile('Cloud bill', ({ usdPerHour }) => `${formatUsd(usdPerHour)}/h`),
    tile('Ran in the cloud', ({ cloudShare }) => formatShare(cloudShare)),
    tile('Missed deadlines', ({ allMissedShare }) => formatShare(allMissedShare)),
    ...(hero.pinnedJobs === 0
      ? []
      : [tile('Pinned jobs missed', ({ pinnedMissed }) => formatCount(pinnedMissed))]),
    // of the class that is most in a hurry: the others are meant to wait
    ...JOB_CLASSES.filter((name) => name in hero.waitP99)
      .slice(0, 1)
      .map((name) =>
        tile(`${name[0]?.toUpperCase()}${name.slice(1)} p99 wait`, ({ waitP99 }) =>
          formatSeconds(waitP99[name] ?? 0),
        ),
      ),
    tile('Energy', ({ kwh }) => `${formatKwh(kwh)} kWh`),
  ];
}

/** What was simulated, and what it came to, as one would say it. */
export function leadSentence({ trace }: SimulationReport, [hero, other]: readonly PolicySummary[]): string {
  const load = `${requestsTaken(trace)} in ${formatSeconds(trace.seconds)}`;
  if (hero === undefined) return `${load}.`;
  return other === undefined ? `${load}: ${did(hero)}.` : `${load}: ${did(hero)}; ${did(other)}.`;
}

/** How many requests were simulated, and how many the trace has where these are not the same. */
export function requestsTaken({ requests, of }: Pick<SimulationReport['trace'], 'requests' | 'of'>): string {
  const count = formatCount(requests);
  if (requests < of) return `${count} of ${formatCount(of)} requests`;
  if (requests > of) return `${count} requests (the ${formatCount(of)} of the trace repeated)`;
  return `${count} requests`;
}

const did = ({ policy, cloudShare, usdPerHour, allMissedShare }: PolicySummary): string =>
  `${policy} sent ${formatShare(cloudShare)} of them to the cloud for ${formatUsd(usdPerHour)} an hour and missed ` +
  `${formatShare(allMissedShare)} of the deadlines`;
