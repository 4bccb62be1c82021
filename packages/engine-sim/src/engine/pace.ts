export type PaceEnd = 'finished' | 'aborted';

/** How fast the tokens of one answer come. */
export interface Pace {
  /** Waits until more than `count` tokens are there, or none will come, and returns how many there are. */
  progressBeyond(count: number): Promise<number>;
  /** Waits for the last token or the abort; it never rejects. */
  ended(): Promise<PaceEnd>;
}
