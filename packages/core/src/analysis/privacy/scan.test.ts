import { describe, expect, test } from 'vitest';
import { UNREADABLE } from '../request-text.ts';
import type { Detector } from './detector.ts';
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
});
