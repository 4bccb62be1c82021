/** A mistake in the input. Lines count from 1. */
export interface InputMistake {
  readonly code: string;
  readonly message: string;
  readonly param: string | null;
  readonly line: number | null;
}
