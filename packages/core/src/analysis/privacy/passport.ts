import type { Detector } from './detector.ts';

/** A passport number: six to nine letters and digits, four of them digits, near a word for passport. */
export const passport: Detector = {
  name: 'passport',
  find(text) {
    if (!WORD.test(text)) return false;
    for (const word of text.matchAll(WORDS)) {
      const near = text.slice(Math.max(0, word.index - NEAR), word.index + word[0].length + NEAR);
      if (NUMBER.test(near)) return true;
    }
    return false;
  },
};

const NEAR = 60;
const WORD =
  /passport|reisepass|passnummer|passeport|pasaporte|passaporto|passaporte|paszport|паспорт|パスポート|旅券|护照|여권/iu;
const WORDS = new RegExp(WORD, 'giu');
const NUMBER = /(?<![a-z0-9])(?=(?:[a-z]{0,8}\d){4})[a-z0-9]{6,9}(?![a-z0-9])/iu;
