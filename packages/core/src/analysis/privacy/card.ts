import { hasCloseDigits } from './close-digits.ts';
import type { Detector } from './detector.ts';

/** A payment card: 13 to 19 digits as its issuer numbers them, solid or in groups, with a valid check digit. */
export const card: Detector = {
  name: 'card',
  find(text) {
    if (!hasCloseDigits(text)) return false;
    for (const [run] of text.matchAll(RUN)) {
      if (run.length >= SHORTEST && holdsCard(run.split(/[ -]/u))) return true;
    }
    return false;
  },
};

const RUN = /\d(?:[ -]?\d)*/gu;
const SHORTEST = 13;
const LONGEST = 19;

/** Visa, Amex, Diners, JCB, Mastercard, and Maestro, Discover and UnionPay, which take several lengths. */
const NUMBERED =
  /^(?:4(?:\d{12}|\d{15}|\d{18})|3[47]\d{13}|3(?:0|[689])\d{12}|35\d{14}|(?:5[1-5]|2[2-7])\d{14}|(?:5[0678]|6)\d{12,18})$/u;

/** How cards are printed, by the lengths of their groups; other numbers may stand before or behind them. */
const PRINTED: ReadonlySet<string> = new Set(
  '13 14 15 16 17 18 19 4,4,4,4 4,4,4,4,1 4,4,4,4,2 4,4,4,4,3 4,6,5 4,6,4 6,13'.split(' '),
);
const MOST_GROUPS = 5;

function holdsCard(groups: readonly string[]): boolean {
  if (groups.length <= LONGEST && isCard(groups.join(''))) return true;
  return groups.some((_group, first) => {
    for (let count = 1; count <= MOST_GROUPS; count += 1) {
      const taken = groups.slice(first, first + count);
      if (PRINTED.has(taken.map((group) => group.length).join(',')) && isCard(taken.join(''))) return true;
    }
    return false;
  });
}

const isCard = (digits: string): boolean => NUMBERED.test(digits) && passesLuhn(digits);

function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place += 1) {
    const value = Number(digits[digits.length - 1 - place]);
    const doubled = place % 2 === 1 ? value * 2 : value;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
