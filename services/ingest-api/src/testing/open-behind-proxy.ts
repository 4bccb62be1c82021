import { openRedisProxy, type RedisProxy } from './open-redis-proxy.ts';
import { openTestApi, type TestApi } from './open-test-api.ts';

/** The service on a Redis that a test can take away from it. */
export async function openBehindProxy(): Promise<{ api: TestApi; proxy: RedisProxy } & AsyncDisposable> {
  let proxy: RedisProxy | undefined;
  const api = await openTestApi({
    redisUrlOf: async (url) => {
      proxy = await openRedisProxy(url);
      return proxy.url;
    },
  });
  if (proxy === undefined) throw new Error('the proxy was not asked for');
  const opened = proxy;
  return {
    api,
    proxy: opened,
    [Symbol.asyncDispose]: async () => {
      await api[Symbol.asyncDispose]();
      await opened[Symbol.asyncDispose]();
    },
  };
}
