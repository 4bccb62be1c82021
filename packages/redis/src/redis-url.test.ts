import { describe, expect, test } from 'vitest';
import { describeRedisUrl, parseRedisUrl } from './redis-url.ts';

describe('parseRedisUrl', () => {
  test.each([
    ['redis://127.0.0.1', { host: '127.0.0.1', port: 6379, db: 0 }],
    [
      'redis://:p%40ss@cache.example.com:7000/3',
      { host: 'cache.example.com', port: 7000, password: 'p@ss', db: 3 },
    ],
    ['redis://me:secret@[::1]:7000', { host: '::1', port: 7000, username: 'me', password: 'secret', db: 0 }],
    ['rediss://cache.example.com', { host: 'cache.example.com', port: 6379, db: 0, tls: {} }],
    [
      'redis+sentinel://one.example.com:26379,two.example.com,[::1]:7001/mymaster',
      {
        sentinels: [
          { host: 'one.example.com', port: 26_379 },
          { host: 'two.example.com', port: 26_379 },
          { host: '::1', port: 7001 },
        ],
        name: 'mymaster',
        db: 0,
      },
    ],
    [
      'redis+sentinel://me:p%2Fw@one.example.com/my%20master/2?sentinel_user=watch&sentinel_password=dog',
      {
        sentinels: [{ host: 'one.example.com', port: 26_379 }],
        name: 'my master',
        username: 'me',
        password: 'p/w',
        db: 2,
        sentinelUsername: 'watch',
        sentinelPassword: 'dog',
      },
    ],
    [
      'rediss+sentinel://:p@one.example.com/main',
      {
        sentinels: [{ host: 'one.example.com', port: 26_379 }],
        name: 'main',
        password: 'p',
        db: 0,
        tls: {},
        sentinelTLS: {},
        enableTLSForSentinelMode: true,
      },
    ],
  ])('reads %s', (url, address) => {
    expect(parseRedisUrl(url)).toEqual(address);
  });

  test.each([
    ['http://127.0.0.1', /begins with redis/],
    ['redis://', /needs a host/],
    ['redis://127.0.0.1?db=3', /no query/],
    ['redis://127.0.0.1/first', /"first" is not a number/],
    ['redis+sentinel://one.example.com', /redis\+sentinel:\/\//],
    ['redis+sentinel://one.example.com:x/mymaster', /"one.example.com:x" is not host:port/],
    ['redis+sentinel://one.example.com,/mymaster', /"" is not host:port/],
    ['redis+sentinel://:secret@/mymaster', /redis\+sentinel:\/\//],
  ])('refuses %s', (url, message) => {
    expect(() => parseRedisUrl(url)).toThrow(message);
    expect(() => parseRedisUrl(url)).not.toThrow(/secret/);
  });
});

test('describeRedisUrl keeps no credentials', () => {
  expect(describeRedisUrl('redis://me:secret@one.example.com:7000/3')).toBe('redis://one.example.com:7000/3');
  expect(describeRedisUrl('redis+sentinel://:s@a.example.com,b.example.com/m?sentinel_password=t')).toBe(
    'redis+sentinel://a.example.com,b.example.com/m',
  );
});
