import { describe, expect, test } from 'vitest';
import { requestText } from '../request-text.ts';
import { decidePin } from './decide-pin.ts';
import { PRIVACY_DETECTORS } from './finding.ts';

const all = PRIVACY_DETECTORS;

describe('decidePin', () => {
  test('a client that asks for local hardware gets it, whatever the text', () => {
    expect(decidePin('local_only', all, ['hello'])).toEqual({ pinned: true, findings: [], because: 'asked' });
  });

  test('a client that says public has consented, and its text is not even read', () => {
    const unread: Iterable<string> = {
      [Symbol.iterator]() {
        throw new Error('read');
      },
    };
    expect(decidePin('public', all, unread)).toEqual({ pinned: false, findings: [], because: 'public' });
  });

  test('auto pins what the detectors find and names the kinds, never the data', () => {
    expect(decidePin('auto', all, ['call +1 212 555 0142', 'or jane@example.com'])).toEqual({
      pinned: true,
      findings: ['email', 'phone'],
      because: 'found',
    });
  });

  test('only the detectors that are configured look', () => {
    expect(decidePin('auto', ['phone'], ['jane@example.com']).pinned).toBe(false);
    expect(decidePin('auto', [], ['jane@example.com'])).toEqual({
      pinned: false,
      findings: [],
      because: 'nothing-found',
    });
  });

  test('data in an early message pins, however harmless the last', () => {
    const messages = [
      { role: 'system', content: 'The account is DE89 3704 0044 0532 0130 00.' },
      { role: 'user', content: 'Thank you.' },
    ];
    expect(decidePin('auto', all, requestText({ model: 'auto', messages })).findings).toEqual(['iban']);
  });

  test('harmless text is free to overflow', () => {
    const messages = [
      { role: 'user', content: 'Summarise: the pump ran for 12 hours at 48 degrees on 2024-05-17.' },
    ];
    expect(decidePin('auto', all, requestText({ model: 'auto', messages, max_tokens: 200 }))).toEqual({
      pinned: false,
      findings: [],
      because: 'nothing-found',
    });
  });

  test('an image pins, since no detector can look into it', () => {
    const content = [{ type: 'image_url', image_url: { url: 'https://example.com/scan.png' } }];
    expect(decidePin('auto', all, requestText({ messages: [{ role: 'user', content }] }))).toEqual({
      pinned: true,
      findings: [],
      because: 'unsure',
    });
  });

  test('a text longer than what is looked through pins', () => {
    expect(decidePin('auto', ['ssn'], ['a'.repeat(8_000_001)])).toMatchObject({
      pinned: true,
      because: 'unsure',
    });
  });
});
