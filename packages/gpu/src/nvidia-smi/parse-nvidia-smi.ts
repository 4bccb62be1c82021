import { err, ok, type Result } from '@spillway/core';
import { THROTTLE_REASONS, type GpuReading, type NvidiaSmiProblem } from './gpu-reading.ts';
import { BASE_FIELDS } from './query-fields.ts';

/**
 * Reads `nvidia-smi --query-gpu=<queryFields()> --format=csv,noheader,nounits`. Columns go by position: drivers print
 * some fields under other names than they were asked by. Refuses what is no such table, like a driver's error text.
 */
export function parseNvidiaSmi(csv: string): Result<readonly GpuReading[], NvidiaSmiProblem> {
  const lines = csv
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (lines.length === 0) return err({ kind: 'failed', detail: 'nvidia-smi printed nothing' });
  const readings: GpuReading[] = [];
  for (const line of lines) {
    const reading = parseLine(cells(line));
    if (reading === undefined) return err({ kind: 'failed', detail: line.slice(0, 300) });
    readings.push(reading);
  }
  return ok(readings);
}

function parseLine(values: readonly string[]): GpuReading | undefined {
  const reasons = values.slice(BASE_FIELDS.length);
  if (values.length < BASE_FIELDS.length || ![0, THROTTLE_REASONS.length].includes(reasons.length))
    return undefined;
  const cell = (field: (typeof BASE_FIELDS)[number]): string => values[BASE_FIELDS.indexOf(field)] ?? '';
  const index = number(cell('index'));
  if (index === undefined) return undefined;
  return {
    index,
    uuid: cell('uuid'),
    name: cell('name'),
    ...optional('powerWatts', number(cell('power.draw'))),
    ...optional('powerLimitWatts', number(cell('enforced.power.limit')) ?? number(cell('power.limit'))),
    ...optional('temperatureC', number(cell('temperature.gpu'))),
    ...optional('utilizationPercent', number(cell('utilization.gpu'))),
    ...optional('memoryUsedMiB', number(cell('memory.used'))),
    ...optional('memoryTotalMiB', number(cell('memory.total'))),
    ...optional('smClockMhz', number(cell('clocks.sm'))),
    throttle: THROTTLE_REASONS.filter((_reason, at) => reasons[at] === 'Active'),
  };
}

const cells = (line: string): readonly string[] => line.split(',').map((cell) => cell.trim());

/** `[N/A]`, `[Not Supported]`, `[Unknown Error]`, `[GPU requires reset]` and the like are no numbers. */
function number(cell: string): number | undefined {
  return /^-?\d+(?:\.\d+)?$/.test(cell) ? Number(cell) : undefined;
}

const optional = <Key extends string>(key: Key, value: number | undefined): Partial<Record<Key, number>> =>
  value === undefined ? {} : ({ [key]: value } as Record<Key, number>);
