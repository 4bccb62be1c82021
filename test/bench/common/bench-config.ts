import { createHash, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SAMPLE_MODEL } from './sample-job.ts';

export interface BenchConfig {
  readonly configPath: string;
  readonly apiKey: string;
}

/** Writes a spillway.yaml with one local backend and one tenant whose quota no load reaches. */
export async function writeBenchConfig(
  dataDir: string,
  backend: { readonly url: string; readonly slots: number },
): Promise<BenchConfig> {
  const apiKey = `sk-bench-${randomBytes(16).toString('hex')}`;
  const configPath = join(dataDir, 'spillway.yaml');
  const config = {
    backends: {
      'gpu-0': {
        kind: 'local-compatible',
        url: backend.url,
        models: { [SAMPLE_MODEL]: SAMPLE_MODEL },
        max_concurrency: backend.slots,
      },
    },
    routing: { overflow: { mode: 'off' } },
    tenants: {
      bench: {
        api_key_sha256: [createHash('sha256').update(apiKey).digest('hex')],
        max_queued_jobs: 10_000_000,
      },
    },
  };
  await writeFile(configPath, JSON.stringify(config));
  return { configPath, apiKey };
}
