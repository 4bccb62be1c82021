import type { FoundEngine } from '@spillway/local-platform';

export interface DemoConfigInput {
  /** The first engine found on this machine; undefined: the simulated one at `simulatedUrl`. */
  readonly engine: FoundEngine | undefined;
  readonly simulatedUrl: string;
  readonly simulatedModel: string;
  readonly cloudUrl: string;
  readonly apiKeySha256: string;
}

/** A queue of 30 documents is short: the demo lets it overflow at a fifth of the usual depth. */
const DEPTH = { enter: 8, leave: 3 };

/** The variable that holds the key of the simulated cloud, which takes any. */
export const SIMULATED_KEY = 'SPILLWAY_DEMO_CLOUD_KEY';

/** `spillway.yaml` of the demo, as JSON, which is YAML. The cloud is always the simulated one: a demo spends nothing. */
export function demoConfig({
  engine,
  simulatedUrl,
  simulatedModel,
  cloudUrl,
  apiKeySha256,
}: DemoConfigInput): string {
  const local =
    engine === undefined
      ? { kind: 'vllm', url: simulatedUrl, models: { [simulatedModel]: simulatedModel } }
      : {
          kind: engine.kind,
          url: engine.url,
          models: Object.fromEntries(engine.models.map((name) => [name, name])),
        };
  return JSON.stringify(
    {
      backends: {
        'gpu-0': { ...local, max_concurrency: 8, electricity_usd_per_kwh: 0.3 },
        'cloud-sim': {
          kind: 'openai',
          url: cloudUrl,
          api_key: `\${env:${SIMULATED_KEY}}`,
          models: { 'gpt-mini': 'gpt-5-mini' },
          max_concurrency: 4,
          prices: { 'gpt-mini': { input_usd_per_million: 0.25, output_usd_per_million: 2 } },
        },
      },
      models: { auto: { strategy: 'auto' } },
      routing: { overflow: { mode: 'depth', depth: DEPTH } },
      tenants: { default: { api_key_sha256: [apiKeySha256] } },
      webhooks: { allow_networks: ['127.0.0.0/8'], allow_ports: 'any' },
    },
    null,
    2,
  );
}
