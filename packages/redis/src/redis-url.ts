import type { RedisOptions } from 'ioredis';

/** Where a Redis is: one address, or the sentinels that know which server is the master now. */
type RedisAddress = Pick<
  RedisOptions,
  'host' | 'port' | 'path' | 'username' | 'password' | 'db' | 'tls' | 'sentinels' | 'name'
> &
  Pick<RedisOptions, 'sentinelUsername' | 'sentinelPassword' | 'sentinelTLS' | 'enableTLSForSentinelMode'>;

/**
 * Reads a Redis URL. With `rediss` every connection is over TLS.
 *
 *   redis[s]://[[user]:password@]host[:6379][/db]
 *   redis[s]+sentinel://[[user]:password@]host[:26379][,host…]/master[/db][?sentinel_user=…&sentinel_password=…]
 *
 * User, password and master's name are percent-encoded. The second form's credentials are for the servers; those in
 * its query are for the sentinels. Throws, without naming a password, on anything else.
 */
export function parseRedisUrl(text: string): RedisAddress {
  const scheme = /^(rediss?)(\+sentinel)?:\/\//.exec(text);
  if (!scheme) throw new Error('a Redis URL begins with redis, rediss, redis+sentinel or rediss+sentinel');
  const tls = scheme[1] === 'rediss';
  return scheme[2] === undefined ? parseSingle(text, tls) : parseSentinels(text.slice(scheme[0].length), tls);
}

/** Where a URL points, for people: without the credentials. */
export function describeRedisUrl(text: string): string {
  return text.replace(/:\/\/[^/]*@/, '://').replace(/\?.*$/, '');
}

const REDIS_PORT = 6379;
const SENTINEL_PORT = 26_379;

function parseSingle(text: string, tls: boolean): RedisAddress {
  const url = URL.parse(text);
  if (!url?.hostname) throw new Error('a Redis URL needs a host: redis://[user:password@]host[:port][/db]');
  if (url.search !== '') throw new Error('a Redis URL has no query; only a Sentinel URL does');
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? REDIS_PORT : Number(url.port),
    ...credentialsOf(url.username, url.password),
    db: parseDb(url.pathname.slice(1)),
    ...(tls && { tls: {} }),
  };
}

/** `new URL` knows one host only, so this form is read by hand. */
const SENTINELS = /^(?:([^/@:]*):([^/@]*)@)?([^/@?]+)\/([^/?]+)(?:\/(\d*))?(?:\?(.*))?$/;

function parseSentinels(rest: string, tls: boolean): RedisAddress {
  const parts = SENTINELS.exec(rest);
  if (!parts) {
    throw new Error('a Sentinel URL is redis+sentinel://[user:password@]host:port[,host:port]/master[/db]');
  }
  const [, user = '', password = '', hosts = '', name = '', db = '', query = ''] = parts;
  const asked = new URLSearchParams(query);
  const sentinelUser = asked.get('sentinel_user');
  const sentinelPassword = asked.get('sentinel_password');
  return {
    sentinels: hosts.split(',').map(parseHost),
    name: decodeURIComponent(name),
    ...credentialsOf(user, password),
    db: parseDb(db),
    ...(sentinelUser !== null && { sentinelUsername: sentinelUser }),
    ...(sentinelPassword !== null && { sentinelPassword }),
    ...(tls && { tls: {}, sentinelTLS: {}, enableTLSForSentinelMode: true }),
  };
}

function parseHost(text: string): { readonly host: string; readonly port: number } {
  const url = URL.parse(`redis://${text}`);
  if (!url?.hostname || url.host !== text.toLowerCase()) {
    throw new Error(`the sentinel ${JSON.stringify(text)} is not host:port`);
  }
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? SENTINEL_PORT : Number(url.port),
  };
}

/** Redis itself calls the user without a name `default`. */
const credentialsOf = (user: string, password: string): Pick<RedisOptions, 'username' | 'password'> => ({
  ...(user !== '' && { username: decodeURIComponent(user) }),
  ...(password !== '' && { password: decodeURIComponent(password) }),
});

function parseDb(text: string): number {
  if (!/^\d{0,4}$/.test(text)) throw new Error(`the database ${JSON.stringify(text)} is not a number`);
  return Number(text);
}
