import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';

/** One kept connection and as little of a client as can be: what is measured is the platform. */
export interface JobPoster {
  /** Sends a body to `POST /v1/jobs` and resolves with the id in the answer; rejects unless that is a 202. */
  post(body: string): Promise<string>;
  close(): void;
}

export function openJobPoster(apiUrl: string, apiKey: string): JobPoster {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
  return {
    post: async (body) => {
      const sent = request(`${apiUrl}/v1/jobs`, { method: 'POST', agent, headers });
      sent.end(body);
      const [answer] = (await once(sent, 'response')) as [IncomingMessage];
      let text = '';
      for await (const chunk of answer) text += String(chunk);
      const id = /"id":"(job_[0-9a-z]+)"/.exec(text)?.[1];
      if (answer.statusCode !== 202 || id === undefined) throw new Error(`submission refused: ${text}`);
      return id;
    },
    close: () => agent.destroy(),
  };
}
