import { hasCloseDigits } from './close-digits.ts';
import type { Detector } from './detector.ts';

/** A US social security number: written 3-2-4, or nine digits after its name; never an area that is not issued. */
export const ssn: Detector = {
  name: 'ssn',
  find: (text) => hasCloseDigits(text) && (WRITTEN.test(text) || NAMED.test(text)),
};

// Areas 000, 666 and 900-999, group 00 and serial 0000 are not issued: https://www.ssa.gov/employer/randomization.html
const WRITTEN = /(?<![\d-])(?!000|666|9)\d{3}([- ])(?!00)\d{2}\1(?!0000)\d{4}(?![\d-])/u;
const NAMED = /(?:\bssn\b|social security)[^\d\n]{0,30}(?!000|666|9)\d{3}(?!00)\d{2}(?!0000)\d{4}(?!\d)/iu;
