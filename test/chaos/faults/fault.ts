/** Every process of the house, by the name its supervisor knows it under. */
export const PROCESSES = [
  'ingest-api',
  'scheduler',
  'scheduler-2',
  'gpu-worker-gpu-0',
  'cloud-worker',
  'cloud-worker-2',
  'batch-worker',
  'batch-worker-2',
  'webhook-dispatcher',
  'webhook-dispatcher-2',
  'redis',
  'engine-sim',
  'provider-sim',
] as const;
export type ProcessName = (typeof PROCESSES)[number];

/** The simulators that can be told to misbehave, and how: one rule of their `POST /_sim/faults`. */
export type Simulator = 'engine-sim' | 'provider-sim';
export interface SimRule {
  readonly kind: string;
  readonly match?: string;
  readonly times?: number;
  readonly delay_ms?: number;
  readonly retry_after_seconds?: number;
}

export type Trouble =
  /** kill -9; the supervisor starts it again a second later. */
  | { readonly kind: 'kill' }
  /** SIGTERM; started again in the same way. */
  | { readonly kind: 'terminate' }
  /** SIGSTOP, and SIGCONT when the fault ends. */
  | { readonly kind: 'stop' }
  /** The wall clock of this one process is off by this much while the fault lasts. */
  | { readonly kind: 'clock-step'; readonly byMs: number }
  | { readonly kind: 'misbehave'; readonly rule: SimRule };

export interface PlannedFault {
  readonly number: number;
  readonly process: ProcessName;
  readonly trouble: Trouble;
  /** After the load began. */
  readonly beginsAtMs: number;
  /** 0 for what only begins: a kill, a SIGTERM. */
  readonly lastsMs: number;
}

/** A fault as it was: on the clock of the suite, in ms since 1970. */
export interface FaultRecord extends PlannedFault {
  /** 0 when the process was not running, so that nothing happened. */
  readonly pid: number;
  readonly beganAtMs: number;
  /** A kill ends at once, except that of a simulator, which ends when it answers again; Infinity while it lasts. */
  readonly endedAtMs: number;
}

/** A fault in a few words. */
export function describeFault({ process, trouble, lastsMs }: PlannedFault): string {
  const length = lastsMs > 0 ? ` for ${(lastsMs / 1000).toFixed(1)} s` : '';
  switch (trouble.kind) {
    case 'kill':
      return `kill -9 ${process}`;
    case 'terminate':
      return `SIGTERM ${process}`;
    case 'stop':
      return `SIGSTOP ${process}${length}`;
    case 'clock-step':
      return `clock of ${process} ${trouble.byMs > 0 ? '+' : '-'}${Math.abs(trouble.byMs) / 60_000} min${length}`;
    case 'misbehave':
      return `${process}: ${trouble.rule.kind}${trouble.rule.times === undefined ? '' : ` x${trouble.rule.times}`}${length}`;
  }
}
