import { describe, expect, test } from 'vitest';
import { rulesOf } from '../testing/rules-of.ts';
import { checkUrl } from './check-url.ts';

const rules = rulesOf({ allow_ports: [80, 443, 8443], allow_networks: ['10.1.0.0/16'] });

describe('checkUrl', () => {
  test.each([
    'https://hooks.example.com/in?a=1',
    'http://hooks.example.com',
    'https://hooks.example.com:8443/',
    'https://10.1.2.3/',
    'https://[2606:4700:4700::1111]/',
  ])('%s may be tried', (url) => {
    expect(checkUrl(url, rules)).toEqual({ ok: true, value: new URL(url) });
  });

  test.each([
    ['hooks.example.com', 'malformed-url'],
    ['', 'malformed-url'],
    ['ftp://hooks.example.com/', 'protocol'],
    ['file:///etc/passwd', 'protocol'],
    ['https://user@hooks.example.com/', 'credentials'],
    ['https://:password@hooks.example.com/', 'credentials'],
    ['http://hooks.example.com:6379/', 'port'],
    ['https://hooks.example.com:22/', 'port'],
    ['http://127.0.0.1/', 'address'],
    ['http://127.1/', 'address'],
    ['http://2130706433/', 'address'],
    ['http://0x7f.0.0.1/', 'address'],
    ['http://0177.0.0.1/', 'address'],
    ['http://１２７.0.0.1/', 'address'],
    ['http://0/', 'address'],
    ['http://[::1]/', 'address'],
    ['http://[::ffff:127.0.0.1]/', 'address'],
    ['http://169.254.169.254/latest/meta-data/', 'address'],
    ['http://10.2.0.1/', 'address'],
  ] as const)('%s is refused for its %s', (url, because) => {
    expect(checkUrl(url, rules)).toEqual({ ok: false, error: because });
  });

  test('any port may be allowed', () => {
    expect(checkUrl('http://hooks.example.com:6379/', rulesOf({ allow_ports: 'any' })).ok).toBe(true);
    expect(checkUrl('https://hooks.example.com/', rulesOf({ allow_ports: [80] }))).toEqual({
      ok: false,
      error: 'port',
    });
  });
});
