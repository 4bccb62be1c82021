import { UNREADABLE, type RequestPiece } from '../request-text.ts';
import type { Detector } from './detector.ts';
import type { PrivacyDetector } from './finding.ts';
import { normalise } from './normalise.ts';
import { isOrdinary } from './ordinary-words.ts';

export interface Scan {
  /** In the order of the detectors, each at most once; never the data itself. */
  readonly findings: readonly PrivacyDetector[];
  /** Something could not be looked at: unreadable content, a text beyond the bound, a detector that threw. */
  readonly unsure: boolean;
}

/** Runs each detector over each text, `maxLength` characters in all; what it cannot look at makes it unsure. */
export function scan(
  detectors: readonly Detector[],
  pieces: Iterable<RequestPiece>,
  maxLength: number,
): Scan {
  const found = new Set<PrivacyDetector>();
  let unsure = false;
  let left = maxLength;
  for (const piece of pieces) {
    if (piece !== UNREADABLE && isOrdinary(piece) && piece.length <= left) {
      left -= piece.length;
      continue;
    }
    const text = piece === UNREADABLE ? undefined : normalise(piece, left);
    if (text === undefined) {
      unsure = true;
      continue;
    }
    left -= text.length;
    for (const detector of detectors) {
      if (found.has(detector.name)) continue;
      const answer = ask(detector, text);
      if (answer === 'threw') unsure = true;
      else if (answer) found.add(detector.name);
    }
  }
  return { findings: detectors.map(({ name }) => name).filter((name) => found.has(name)), unsure };
}

/** A detector that throws is a bug, and the one bug that must not let data out: it counts as unsure. */
function ask(detector: Detector, text: string): boolean | 'threw' {
  try {
    return detector.find(text);
  } catch {
    return 'threw';
  }
}
