import type { Trigger } from '../explanation.ts';

/** Whether one job may use the cloud now. */
export interface OverflowState {
  readonly open: boolean;
  /** What opens it; `local` while it is closed. */
  readonly trigger: Trigger;
  /** The sentence for the decision: made when it is asked for, because most states are told to nobody. */
  because(): string;
}

/** Of local backends nobody asks: overflow is decided when it is known what they can do. */
export const NOT_ASKED: OverflowState = { open: false, trigger: 'local', because: () => 'not asked' };
