import { describe, expect, test } from 'vitest';
import { UNREADABLE } from '../request-text.ts';
import type { Detector } from './detector.ts';
import { decidePin } from './decide-pin.ts';
import { PRIVACY_DETECTORS } from './finding.ts';
import { ORDINARY_WORDS } from './ordinary-words.ts';
import { scan } from './scan.ts';

const always: Detector = { name: 'card', find: () => true };
const never: Detector = { name: 'phone', find: () => false };
const broken: Detector = {
  name: 'ssn',
  find() {
    throw new Error('broken');
  },
};

describe('scan', () => {
  test('names each finding once, in the order of the detectors', () => {
    const other: Detector = { name: 'email', find: (text) => text === 'b' };
    expect(scan([other, never, always], ['a', 'b', 'c'], 100)).toEqual({
      findings: ['email', 'card'],
      unsure: false,
    });
  });

  test('a detector that throws makes it unsure and does not keep the others from looking', () => {
    expect(scan([broken, always], ['a'], 100)).toEqual({ findings: ['card'], unsure: true });
    expect(scan([broken], ['a'], 100)).toEqual({ findings: [], unsure: true });
  });

  test('unreadable content makes it unsure, and the text around it is still looked at', () => {
    expect(scan([never], ['a', UNREADABLE], 100)).toEqual({ findings: [], unsure: true });
    expect(scan([always], [UNREADABLE, 'a'], 100)).toEqual({ findings: ['card'], unsure: true });
  });

  test('the bound holds for all texts together, not for each', () => {
    expect(scan([never], ['a'.repeat(50), 'a'.repeat(50)], 100).unsure).toBe(false);
    expect(scan([never], ['a'.repeat(50), 'a'.repeat(51)], 100).unsure).toBe(true);
  });

  test.each(ORDINARY_WORDS)('"%s" is passed over, and no detector would find anything in it', (word) => {
    expect(scan([always], [word], 100)).toEqual({ findings: [], unsure: false });
    // With a full stop it is no ordinary word, and every detector looks at it.
    expect(decidePin('auto', PRIVACY_DETECTORS, [`${word}.`]).because).toBe('nothing-found');
  });

  test('ordinary words count towards the bound', () => {
    expect(scan([never], ['content', 'a'.repeat(94)], 100).unsure).toBe(true);
    expect(scan([never], ['a'.repeat(94), 'content'], 100).unsure).toBe(true);
  });
});
