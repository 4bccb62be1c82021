import type { Found, FoundCloud, FoundEngine } from './detect-backends.ts';

/** Id of the backend that is simulated. */
export const SIMULATED_BACKEND = 'gpu-sim';

/** A simulated engine, started where no real one was found. */
export interface SimulatedEngine {
  readonly url: string;
  readonly model: string;
}

export interface DefaultConfigInput extends Found {
  readonly simulated?: SimulatedEngine;
  /** SHA-256 of the development key, in hexadecimal. */
  readonly apiKeySha256: string;
}

/** `spillway.yaml` for what was found: a whole working configuration that explains itself. Holds no secret. */
export function defaultConfig(found: DefaultConfigInput): string {
  const blocks = [
    ...(found.simulated ? [simulatedBlock(found.simulated)] : []),
    ...found.engines.map((engine, index) => engineBlock(`gpu-${index}`, engine)),
    ...found.clouds.map(cloudBlock),
  ];
  return `${HEADER}
${blocks.length > 0 ? `backends:\n${blocks.join('\n')}` : 'backends: {}\n'}
# What clients ask for -> what may serve it. "auto" is any model above; each model is also served under its own name.
models:
  auto: { strategy: auto }

tenants:
  default:
    # the development key of this machine; its plain text stands in credentials.json beside this file
    api_key_sha256: [${found.apiKeySha256}]

webhooks:
  # for development: receivers on this machine, on any port
  allow_networks: [127.0.0.0/8]
  allow_ports: any
`;
}

const HEADER = `# Written by "npm start", anew at each start, from what it found on this machine.
# To change something, copy this file to ./spillway.yaml: that one is used as it is, and followed when it changes.
`;

const simulatedBlock = ({
  url,
  model,
}: SimulatedEngine): string => `  # No engine answered on its usual port (vLLM 8000, Ollama 11434, llama.cpp 8080), so this one is SIMULATED: its
  # answers are made up, its speed is that of a published model. Start a real engine, then start Spillway again. (A copy of
  # this file may keep it: a backend with this name is simulated wherever nothing listens at its address.)
  ${SIMULATED_BACKEND}:
    kind: vllm
    url: ${quote(url)}
    models: { ${quote(model)}: ${quote(model)} }
    max_concurrency: 48
`;

function engineBlock(id: string, engine: FoundEngine): string {
  const { kind, url, models, contextTokens, version } = engine;
  return `  # ${TITLES[kind]}${version === undefined ? '' : ` ${oneLine(version)}`}, found at this address
  ${id}:
    kind: ${kind}
    url: ${quote(url)}
${modelsBlock(models.map((model) => [model, model]))}
    max_concurrency: ${engine.slots ?? CONCURRENCY[kind]}
${contextTokens === undefined ? '' : `    context_tokens: ${Math.max(256, contextTokens)}\n`}`;
}

const cloudBlock = ({ kind, keyVariable, url }: FoundCloud): string => `  # ${keyVariable} is set
  ${kind}:
    kind: ${kind}
    api_key: \${env:${keyVariable}}
${url === undefined ? '' : `    url: ${quote(url)}\n`}${modelsBlock(CLOUD_MODELS[kind])}
`;

const CLOUD_MODELS = {
  openai: [
    ['gpt-mini', 'gpt-5-mini'],
    ['gpt', 'gpt-5'],
  ],
  anthropic: [
    ['haiku', 'claude-haiku-4-5'],
    ['sonnet', 'claude-sonnet-5'],
  ],
} as const satisfies Record<FoundCloud['kind'], readonly (readonly [string, string])[]>;

const TITLES = {
  vllm: 'vLLM',
  ollama: 'Ollama',
  llamacpp: 'llama.cpp',
  'local-compatible': "An engine with OpenAI's interface",
} as const satisfies Record<FoundEngine['kind'], string>;

/** Ollama and llama.cpp run few requests at once by default; vLLM batches as many as its cache holds. */
const CONCURRENCY = {
  vllm: 32,
  ollama: 4,
  llamacpp: 4,
  'local-compatible': 8,
} as const satisfies Record<FoundEngine['kind'], number>;

const modelsBlock = (models: readonly (readonly [string, string])[]): string =>
  ['    models:', ...models.map(([name, model]) => `      ${quote(name)}: ${quote(model)}`)].join('\n');

/** JSON's strings are YAML's; a plain name needs no quotes. */
const quote = (text: string): string =>
  /^[a-zA-Z][\w./-]*$/.test(text) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(text)
    ? text
    : JSON.stringify(text);

/** A version comes from the engine and must not end the comment it stands in. */
const oneLine = (text: string): string => text.replaceAll(/[^\w.+-]/g, ' ').slice(0, 40);
