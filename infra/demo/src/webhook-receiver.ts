import { type WebhookEvent, webhookEventSchema } from '@spillway/contracts';
import { listen } from '@spillway/service-kit';
import { verifyWebhook } from '@spillway/webhook-signing';

interface ReceivedEvent {
  readonly event: WebhookEvent;
  readonly verified: boolean;
}

export interface WebhookReceiver {
  readonly url: string;
  /** The first event, or undefined when none came in time. */
  first(timeoutMs: number): Promise<ReceivedEvent | undefined>;
  close(): Promise<void>;
}

/** What the receiving end of a webhook is: an HTTP endpoint that checks the signature before it believes anything. */
export async function startWebhookReceiver(secret: string): Promise<WebhookReceiver> {
  const received = Promise.withResolvers<ReceivedEvent>();
  const server = await listen(
    async (request) => {
      const body = await request.text();
      const verified = verifyWebhook({ headers: request.headers, body, secrets: [secret] }).ok;
      const event = webhookEventSchema.safeParse(JSON.parse(body));
      if (event.success) received.resolve({ event: event.data, verified });
      return new Response(null, { status: verified ? 204 : 400 });
    },
    { port: 0, host: '127.0.0.1' },
  );
  return {
    url: `http://127.0.0.1:${server.port}/hooks/spillway`,
    first: (timeoutMs) =>
      Promise.race([
        received.promise,
        new Promise<undefined>((resolve) => {
          setTimeout(() => resolve(undefined), timeoutMs).unref();
        }),
      ]),
    close: () => server.close(),
  };
}
