import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { progressLine } from '@spillway/cli/terminal';
import { createClient, type DocumentUpload, type SpillwayClient } from '@spillway/client';
import type { DocumentBatchBody, DocumentResult } from '@spillway/contracts';
import { startProviderSim } from '@spillway/engine-sim';
import { detectBackends, findPort, startPlatform } from '@spillway/local-platform';
import { newWebhookSecret } from '@spillway/webhook-signing';
import { demoConfig, SIMULATED_KEY } from './demo-config.ts';
import { type DemoReport, demoReport } from './demo-report.ts';
import { startWebhookReceiver } from './webhook-receiver.ts';

export interface DemoOptions {
  readonly documentsDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Hears what happens; `transient` lines may be drawn over by the next. */
  readonly say: (line: string, transient?: boolean) => void;
  /** Width of the terminal; undefined when there is none. */
  readonly columns: number | undefined;
}

const INSTRUCTION =
  'Summarise this document in three sentences and name the sender, the date and any amount of money.';
const SIMULATED_MODEL = 'llama-3.1-8b-sim';
/** Virtual seconds per second: the batch of a minute takes some seconds, and its figures stay in proportion. */
const SPEED = 4;
const WEBHOOK_WITHIN_MS = 15_000;

/** Starts everything, sends the documents as one batch, waits for the webhook, and leaves nothing running. */
export async function runDemo(
  options: DemoOptions,
): Promise<{ readonly report: DemoReport; readonly results: readonly DocumentResult[] }> {
  const { say, env, signal } = options;
  const startedAt = performance.now();
  await using stack = new AsyncDisposableStack();
  const dataDir = stack.adopt(await mkdtemp(join(tmpdir(), 'spillway-demo-')), (dir) =>
    rm(dir, { recursive: true, force: true }),
  );
  const engine = (await detectBackends(env)).engines[0];
  const simulatedPort = await findPort();
  const cloud = stack.adopt(await startProviderSim({ speed: SPEED }), (sim) => sim.close());
  const apiKey = `sk-spillway-${randomBytes(24).toString('base64url')}`;
  const configPath = join(dataDir, 'spillway.yaml');
  await writeFile(
    configPath,
    demoConfig({
      engine,
      simulatedUrl: `http://127.0.0.1:${simulatedPort}`,
      simulatedModel: SIMULATED_MODEL,
      cloudUrl: cloud.openaiBaseUrl,
      apiKeySha256: createHash('sha256').update(apiKey).digest('hex'),
    }),
  );
  say(
    engine === undefined
      ? 'no engine found: using the SIMULATED one'
      : `using the ${engine.kind} at ${engine.url}`,
  );
  say('the cloud is SIMULATED: the demo spends nothing');
  const platform = stack.adopt(
    await startPlatform({
      dataDir,
      configPath,
      env: { ...env, [SIMULATED_KEY]: 'sk-simulated' },
      signal,
      apiPort: await findPort(),
      engineSim:
        engine === undefined ? { port: simulatedPort, model: SIMULATED_MODEL, speed: SPEED } : 'never',
    }),
    (running) => running.stop(),
  );
  say(`platform started: ${platform.children().length + 1} processes, API at ${platform.apiUrl}`);

  const secret = newWebhookSecret();
  const receiver = stack.adopt(await startWebhookReceiver(secret), (open) => open.close());
  const client = createClient({ url: platform.apiUrl, apiKey });
  const documents = await readDocuments(options.documentsDir);
  const submittedAt = performance.now();
  const batch = await client.documentBatches.create(
    {
      instruction: INSTRUCTION,
      model: 'auto',
      max_output_tokens: 256,
      webhook: { url: receiver.url, secret },
    },
    documents,
    { signal, idempotencyKey: 'demo' },
  );
  say(`${documents.length} documents submitted as ${batch.id}`);
  await showProgress(client, batch, options);
  const batchSeconds = (performance.now() - submittedAt) / 1000;
  const received = await receiver.first(WEBHOOK_WITHIN_MS);
  const ended = await Array.fromAsync(client.documentBatches.results(batch.id, { signal }));
  // They come in the order in which they ended.
  const results = ended.toSorted((a, b) => a.index - b.index);
  const report = demoReport({
    engine: {
      kind: engine?.kind ?? 'engine-sim',
      url: engine?.url ?? `http://127.0.0.1:${simulatedPort}`,
      simulated: engine === undefined,
    },
    results,
    webhook: {
      received: received !== undefined,
      verified: received?.verified === true && received.event.data.id === batch.id,
    },
    batchSeconds,
    elapsedSeconds: (performance.now() - startedAt) / 1000,
  });
  return { report, results };
}

async function readDocuments(folder: string): Promise<readonly DocumentUpload[]> {
  const names = (await readdir(folder)).toSorted();
  return Promise.all(
    names.map(async (name) => ({ name, content: new Uint8Array(await readFile(join(folder, name))) })),
  );
}

/** Until the batch is completed, one line that says how far it is. */
async function showProgress(
  client: SpillwayClient,
  batch: DocumentBatchBody,
  options: DemoOptions,
): Promise<void> {
  const startedAt = performance.now();
  for await (const { document_counts: counts } of client.documentBatches.changes(batch.id, {
    signal: options.signal,
  })) {
    const results = await Array.fromAsync(
      client.documentBatches.results(batch.id, { signal: options.signal }),
    );
    const done = counts.completed + counts.failed + counts.cancelled + counts.expired;
    const line = progressLine(
      {
        total: counts.total,
        done,
        failed: counts.failed,
        local: results.filter((result) => result.served_by?.location === 'local').length,
        cloud: results.filter((result) => result.served_by?.location === 'cloud').length,
        perSecond: done / ((performance.now() - startedAt) / 1000),
        trouble: undefined,
      },
      options.columns,
    );
    options.say(line, true);
  }
}
