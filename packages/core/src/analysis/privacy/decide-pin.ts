import type { RequestPiece } from '../request-text.ts';
import { card } from './card.ts';
import type { Detector } from './detector.ts';
import { email } from './email.ts';
import type { PrivacyDetector } from './finding.ts';
import { iban } from './iban.ts';
import { keywords } from './keywords.ts';
import { passport } from './passport.ts';
import { phone } from './phone.ts';
import { scan } from './scan.ts';
import { ssn } from './ssn.ts';

/** What a client asks for: `public` is its consent to the cloud, `auto` leaves it to the detectors. */
export const PRIVACY_CHOICES = ['auto', 'public', 'local_only'] as const;
export type PrivacyChoice = (typeof PRIVACY_CHOICES)[number];

export interface PinDecision {
  readonly pinned: boolean;
  readonly findings: readonly PrivacyDetector[];
  readonly because: 'asked' | 'found' | 'unsure' | 'public' | 'nothing-found';
}

/**
 * Decides whether a job may only run on local backends. Under `auto` the detectors named look at every piece of
 * `requestText`, and anything they cannot look at (8 million characters are the most) pins; with no detector named,
 * nothing is looked at and nothing pins.
 */
export function decidePin(
  privacy: PrivacyChoice,
  detectors: readonly PrivacyDetector[],
  pieces: Iterable<RequestPiece>,
): PinDecision {
  if (privacy === 'local_only') return { pinned: true, findings: [], because: 'asked' };
  if (privacy === 'public') return { pinned: false, findings: [], because: 'public' };
  if (detectors.length === 0) return { pinned: false, findings: [], because: 'nothing-found' };
  const { findings, unsure } = scan(
    detectors.map((name) => DETECTORS[name]),
    pieces,
    MAX_SCANNED_LENGTH,
  );
  if (findings.length > 0) return { pinned: true, findings, because: 'found' };
  return unsure
    ? { pinned: true, findings, because: 'unsure' }
    : { pinned: false, findings, because: 'nothing-found' };
}

const MAX_SCANNED_LENGTH = 8_000_000;

const DETECTORS = { ssn, card, iban, passport, email, phone, keywords } as const satisfies Record<
  PrivacyDetector,
  Detector
>;
