import { completedJob, sampleJob, serve, type Reply, type TestServer } from '@spillway/client/testing';
import { onTestFinished } from 'vitest';
import { A_DECISION } from './a-decision.ts';

export const JOB = sampleJob();

/** A server that answers as told until the test is over, and the environment of a command that talks to it. */
export async function startPlatform(handle: Parameters<typeof serve>[0]) {
  const server: TestServer = await serve(handle);
  onTestFinished(() => server[Symbol.asyncDispose]());
  const env = { SPILLWAY_URL: server.url, SPILLWAY_API_KEY: 'secret-key' };
  const lastBody = (): unknown => JSON.parse(String(server.seen.at(-1)?.body));
  return { server, env, lastBody };
}

/** The answer to a submission. */
export const accepted = (): Reply => ({ status: 202, body: JOB });

/** Answers of a platform on which the job has completed. */
export const everything = ({ path, method }: { path: string; method: string }): Reply => {
  if (path.endsWith('/decisions')) return { body: { object: 'list', data: [A_DECISION] } };
  if (path === '/v1/jobs' && method === 'GET') {
    return { body: { object: 'list', data: [JOB], first_id: JOB.id, last_id: JOB.id, has_more: false } };
  }
  return {
    status: path === '/v1/jobs' ? 202 : 200,
    body: path === `/v1/jobs/${JOB.id}` ? completedJob('hi') : JOB,
  };
};
