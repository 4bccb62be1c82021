import { hasCloseDigits } from './close-digits.ts';
import type { Detector } from './detector.ts';

/** A telephone number: with a country code, in a national way of writing, or any seven digits after a word for it. */
export const phone: Detector = {
  name: 'phone',
  find: (text) =>
    hasCloseDigits(text) && (FORMS.some((form) => form.test(text)) || hasGroupedInternational(text)),
};

const FORMS: readonly RegExp[] = [
  // +4930123456
  /(?<![\p{L}\p{N}+])\+[1-9]\d{9,14}(?!\d)/u,
  // 0049 30 1234567: something stands behind the country code, or it is a number with leading noughts
  /(?<![\p{L}\d]|\d[ .-])00[1-9]\d{0,2}[ ./(-]{1,2}\d(?:[ .()/-]{0,2}\d){6,12}(?!\d)/u,
  // 212-555-0142, (212) 555-0142, 1-800-555-0142, 212.555.0142
  /(?<![\p{L}\d]|\d[.-])(?:1[-. ])?(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[-. ])[2-9]\d{2}[-. ]\d{4}(?!\d|[.-]\d)/u,
  // 030 / 1234567, 0170-1234567, 020 7946 0958, 090-1234-5678
  /(?<![\p{L}\d]|\d[./:-])0[1-9]\d{1,4} ?[ /-] ?\d{3,4}[ -]?\d{3,5}(?!\d|[.:-]\d)/u,
  // (030) 1234567
  /\(0\d{1,5}\) ?\d{3,4}[ -]?\d{2,5}(?!\d)/u,
  // 06 12 34 56 78
  /(?<![\p{L}\d]|\d[ ./:-])0[1-9]([ .-])\d{2}(?:\1\d{2}){3}(?!\d|[ .:-]\d)/u,
  // 03-1234-5678
  /(?<![\p{L}\d]|\d[./:-])0[1-9]-\d{4}-\d{4}(?!\d|[.:-]\d)/u,
  // Tel. 5550142, phone number: 612 345 678, "mobile": "5550142"; but no date such as 2031-05-17
  /(?:(?<!\p{L})(?:tel|telephone|phone|mobile|cell|fax|telefon|mobil|handy|t[ée]l[ée]phone|tel[ée]fono|m[óo]vil)|電話|携帯)(?:[ _]?(?:no|nr|number|nummer|n[úu]mero|num[ée]ro)|番号)?[\s.:"'=#|*_-]{0,6}(?!\d{4}-\d{2}-\d{2}(?!\d))\(?\+?\d(?:[ .()/-]{0,2}\d){6,14}(?!\d)/iu,
];

// +49 30 1234567, +1 (212) 555-0142, +33.6.12.34.56.78; not +4.25 120: points stand between all groups or none
const GROUPED =
  /(?<![\p{L}\p{N}+])\+[1-9]\d{0,2}(?: ?\(0\))?(?:(?:[ ()/-]{1,3}\d{1,10}){2,6}|(?:\.\d{1,5}){3,6})(?!\d)/gu;

function hasGroupedInternational(text: string): boolean {
  for (const [written] of text.matchAll(GROUPED)) {
    const digits = written.replaceAll(/\D/gu, '').length;
    if (digits >= 9 && digits <= 16) return true;
  }
  return false;
}
