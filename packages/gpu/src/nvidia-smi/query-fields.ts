import { THROTTLE_REASONS, type ThrottleReason } from './gpu-reading.ts';

/** The columns of one reading, in order, without the throttle reasons, whose names changed with the driver. */
export const BASE_FIELDS = [
  'index',
  'uuid',
  'name',
  'power.draw',
  'power.limit',
  'enforced.power.limit',
  'temperature.gpu',
  'utilization.gpu',
  'memory.used',
  'memory.total',
  'clocks.sm',
] as const;

/** Newest first; drivers before R535 know the second only. */
const REASON_PREFIXES = ['clocks_event_reasons', 'clocks_throttle_reasons'] as const;

const REASON_FIELDS = {
  'sw-power-cap': 'sw_power_cap',
  'sw-thermal-slowdown': 'sw_thermal_slowdown',
  'hw-thermal-slowdown': 'hw_thermal_slowdown',
  'hw-power-brake-slowdown': 'hw_power_brake_slowdown',
} as const satisfies Record<ThrottleReason, string>;

/** What to ask for, given what `nvidia-smi --help-query-gpu` lists; a driver without any reasons is asked for none. */
export function queryFields(helpText: string): readonly string[] {
  const prefix = REASON_PREFIXES.find((candidate) =>
    helpText.includes(`${candidate}.${REASON_FIELDS['sw-power-cap']}`),
  );
  const reasons =
    prefix === undefined ? [] : THROTTLE_REASONS.map((reason) => `${prefix}.${REASON_FIELDS[reason]}`);
  return [...BASE_FIELDS, ...reasons];
}
