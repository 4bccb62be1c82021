import type { Detector } from './detector.ts';

/** An IBAN of a country that issues them, of that country's length, whose check digits are right (ISO 7064 mod 97-10). */
export const iban: Detector = {
  name: 'iban',
  find(text) {
    if (!CANDIDATE.test(text)) return false;
    for (const start of text.matchAll(START)) {
      const length = LENGTHS.get(start[0].slice(0, 2).toUpperCase());
      if (length !== undefined && isAccount(take(text, start.index, length), length)) return true;
    }
    return false;
  },
};

/** Without one there is no start; most texts have none, and to look for the starts themselves makes a list. */
const CANDIDATE = /[a-z]{2}\d{2}/iu;
const START = /(?:(?<![a-z0-9])|(?<=iban))[a-z]{2}\d{2}/giu;

/** Country and length, from the registry at https://www.swift.com/standards/data-standards/iban-international-bank-account-number */
const REGISTRY =
  'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ' +
  'ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 ' +
  'LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 ' +
  'PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30';
const LENGTHS: ReadonlyMap<string, number> = new Map(
  REGISTRY.split(' ').map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

/** The letters and digits from `start` on, blanks, dashes and line ends between them left out, `length` at most. */
function take(text: string, start: number, length: number): string {
  let taken = '';
  let index = start;
  for (; taken.length < length && index < start + length * 2; index += 1) {
    const character = text.charAt(index);
    if (isAlphanumeric(character)) taken += character;
    else if (!/[\s-]/u.test(character)) break;
  }
  // An identifier that goes on is something longer: a digest, say.
  return isAlphanumeric(text.charAt(index)) ? '' : taken;
}

const isAlphanumeric = (character: string): boolean => /[a-z0-9]/iu.test(character);

/** Every country's account has eight digits and more; fewer, and it was prose. */
const isAccount = (taken: string, length: number): boolean =>
  taken.length === length && taken.replaceAll(/\D/gu, '').length >= 8 && passesMod97(taken);

function passesMod97(account: string): boolean {
  let remainder = 0;
  for (const character of account.slice(4) + account.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder === 1;
}
