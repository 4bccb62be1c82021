import { describe, expect, test } from 'vitest';
import { isBrokenConnection, NotConnected, toTransportFailure } from './transport-failure.ts';

const withCode = (code: string, cause?: unknown) => Object.assign(new Error('x', { cause }), { code });
const fetchFailed = (cause: unknown) => new TypeError('fetch failed', { cause });

describe('toTransportFailure', () => {
  test.each([
    [fetchFailed(withCode('ECONNRESET')), 'backend-unreachable'],
    [fetchFailed(withCode('ENOTFOUND')), 'backend-unreachable'],
    [fetchFailed(withCode('EAI_AGAIN')), 'backend-unreachable'],
    [new Error('sdk', { cause: fetchFailed(withCode('UND_ERR_SOCKET')) }), 'backend-unreachable'],
    [fetchFailed(withCode('CERT_HAS_EXPIRED')), 'backend-unreachable'],
    [fetchFailed(withCode('DEPTH_ZERO_SELF_SIGNED_CERT')), 'backend-unreachable'],
    [fetchFailed(withCode('ERR_TLS_CERT_ALTNAME_INVALID')), 'backend-unreachable'],
    [fetchFailed(new AggregateError([withCode('ECONNREFUSED')])), 'backend-unreachable'],
    [fetchFailed(withCode('UND_ERR_HEADERS_TIMEOUT')), 'backend-timeout'],
    [new TypeError('terminated', { cause: withCode('UND_ERR_BODY_TIMEOUT') }), 'backend-timeout'],
    [fetchFailed(withCode('UND_ERR_RES_EXCEEDED_MAX_SIZE')), 'malformed-answer'],
    [new SyntaxError('Unexpected token'), 'malformed-answer'],
    [new TypeError('terminated', { cause: new Error('Invalid EOF state') }), 'backend-unreachable'],
  ])('%s', (error, kind) => {
    expect(toTransportFailure(error)?.kind).toBe(kind);
  });

  test('an error of our own is none of the backend’s', () => {
    for (const error of [new TypeError('x is not a function'), new Error('boom'), 'text', undefined])
      expect(toTransportFailure(error)).toBeUndefined();
  });

  test('a chain of causes that bites its tail ends', () => {
    const error = new Error('x');
    error.cause = error;
    expect(toTransportFailure(error)).toBeUndefined();
  });
});

describe('isBrokenConnection', () => {
  test.each(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH'])(
    '%s of a connection that stood is a break, of one that never did it is not',
    (code) => {
      expect(isBrokenConnection(new Error('sdk', { cause: fetchFailed(withCode(code)) }))).toBe(true);
      expect(isBrokenConnection(fetchFailed(new NotConnected(withCode(code))))).toBe(false);
    },
  );

  test.each([
    'CERT_HAS_EXPIRED',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'UND_ERR_HEADERS_TIMEOUT',
    'HPE_INVALID_TOKEN',
  ])('%s is no break', (code) => {
    expect(isBrokenConnection(fetchFailed(withCode(code)))).toBe(false);
  });

  test('an answer that ended early is one, also where nothing but a word tells; another error is none', () => {
    expect(isBrokenConnection(new TypeError('terminated', { cause: new Error('Invalid EOF state') }))).toBe(
      true,
    );
    for (const error of [new TypeError('x is not a function'), 'text', undefined])
      expect(isBrokenConnection(error)).toBe(false);
  });
});
