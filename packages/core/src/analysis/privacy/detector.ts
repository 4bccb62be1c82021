import type { PrivacyDetector } from './finding.ts';

/** Looks for one kind of data in a text that `normalise` has prepared; linear in the text's length. */
export interface Detector {
  readonly name: PrivacyDetector;
  find(text: string): boolean;
}
