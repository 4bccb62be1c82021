import { describe, expect, test } from 'vitest';
import { parseConfig } from './parse-config.ts';

const noFiles = (path: string): string => {
  throw new Error(`no file ${path}`);
};
const secretFile = (path: string): string => `secret of ${path}\n`;
const parse = (text: string, env: Record<string, string> = {}, readFile = noFiles) =>
  parseConfig(text, env, readFile);
const parsed = (...given: Parameters<typeof parse>) => {
  const result = parse(...given);
  if (!result.ok) throw new Error(result.error);
  return result.value;
};
const refusal = (...given: Parameters<typeof parse>): string => {
  const result = parse(...given);
  return result.ok ? 'accepted' : result.error;
};

const OPENAI = `
backends:
  openai:
    kind: openai
    api_key: \${env:OPENAI_API_KEY}
    models: { gpt: gpt-5 }
`;
const ENGINE = `
backends:
  gpu-0:
    kind: vllm
    url: http://127.0.0.1:8000
    models: { llama-3.1-8b: meta/llama }
`;

describe('layers', () => {
  test('defaults < file < environment', () => {
    const text = 'routing: { overflow: { depth: { enter: 50, leave: 20 } } }';
    expect(parsed('{}').config.routing.overflow.depth).toEqual({ enter: 40, leave: 10 });
    expect(parsed(text).config.routing.overflow.depth).toEqual({ enter: 50, leave: 20 });
    const env = {
      SPILLWAY__ROUTING__OVERFLOW__DEPTH__ENTER: '30',
      SPILLWAY__LIMITS__MAX_BATCH_DOCUMENTS: '7',
    };
    const { config } = parsed(text, env);
    expect(config.routing.overflow.depth).toEqual({ enter: 30, leave: 20 });
    expect(config.limits.max_batch_documents).toBe(7);
  });

  test('an override reaches keys that an environment name cannot spell', () => {
    const env = {
      SPILLWAY__BACKENDS__GPU_0__URL: 'http://127.0.0.1:9000',
      SPILLWAY__BACKENDS__GPU_0__MODELS__LLAMA_3_1_8B: 'meta/other',
    };
    expect(parsed(ENGINE, env).config.backends).toMatchObject({
      'gpu-0': { url: 'http://127.0.0.1:9000', models: { 'llama-3.1-8b': 'meta/other' } },
    });
  });

  test('an override that is ambiguous, no scalar or leads nowhere is refused by name', () => {
    const text = 'tenants: { a.b: {}, a-b: {} }\nwebhooks: { allow_ports: [80] }';
    const env = {
      SPILLWAY__TENANTS__A_B__WEIGHT: '2',
      SPILLWAY__WEBHOOKS__ALLOW_PORTS__0: '81',
      SPILLWAY__LIMITS: '[1, 2]',
    };
    const listed = refusal(text, env);
    expect(listed).toContain('A_B could mean a.b or a-b');
    expect(listed).toContain('SPILLWAY__WEBHOOKS__ALLOW_PORTS__0');
    expect(listed).toMatch(/one YAML scalar.*\n.*SPILLWAY__LIMITS/);
  });

  test('the configuration is frozen all the way down', () => {
    expect(Object.isFrozen(parsed(ENGINE).config.routing.overflow.depth)).toBe(true);
  });
});

describe('secrets', () => {
  test('come from the environment and from files, as whole values', () => {
    expect(parsed(OPENAI, { OPENAI_API_KEY: 'swordfish' }).config.backends).toMatchObject({
      openai: { api_key: 'swordfish' },
    });
    const text = OPENAI.replace('env:OPENAI_API_KEY', 'file:/run/secrets/openai');
    expect(parsed(text, {}, secretFile).config.backends).toMatchObject({
      openai: { api_key: 'secret of /run/secrets/openai' },
    });
    const env = {
      SPILLWAY__BACKENDS__OPENAI__API_KEY: '${env:OTHER}',
      OTHER: 'overridden',
      OPENAI_API_KEY: 'x',
    };
    expect(parsed(OPENAI, env).config.backends).toMatchObject({ openai: { api_key: 'overridden' } });
  });

  test('written in plain text into the file are refused by name, without being quoted', () => {
    const text = OPENAI.replace('${env:OPENAI_API_KEY}', 'swordfish');
    expect(text).toContain('api_key: swordfish');
    const listed = refusal(text);
    expect(listed).toContain('a key does not stand in this file');
    expect(listed).toContain('backends.openai.api_key');
    expect(listed).not.toContain('swordfish');
  });

  test('one that is missing is named together with every other mistake', () => {
    const text = `${OPENAI.replace('env:OPENAI_API_KEY', 'file:/run/secrets/none')}
  two: { kind: anthropic, api_key: "\${env:NOT_SET}", models: { a: b } }
  three: { kind: openai-compatible, url: "http://\${env:HOSTNAME}/", api_key: k, models: {} }
limits: { max_batch_documents: many }
`;
    const listed = refusal(text);
    expect(listed).toContain(
      'the secret file /run/secrets/none cannot be read\n  → at backends.openai.api_key',
    );
    expect(listed).toContain('NOT_SET is not set\n  → at backends.two.api_key');
    expect(listed).toContain('a secret is the whole value');
    expect(listed).toContain('limits.max_batch_documents');
    expect(listed.match(/backends\.three\.url/g)).toHaveLength(1);
  });

  test('never stand in an error, not even when the schema quotes what it refuses', () => {
    const text = 'models: { group: { any_of: ["${env:HIDDEN}"] } }';
    const listed = refusal(text, { HIDDEN: 'swordfish' });
    expect(listed).toContain('no backend serves "${env:HIDDEN}"');
    expect(listed).not.toContain('swordfish');
  });

  test('do not count in the version, while their references do', () => {
    const version = parsed(OPENAI, { OPENAI_API_KEY: 'one' }).version;
    expect(version).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(parsed(OPENAI, { OPENAI_API_KEY: 'two' }).version).toBe(version);
    const renamed = OPENAI.replace('OPENAI_API_KEY', 'OTHER');
    expect(parsed(renamed, { OTHER: 'one' }).version).not.toBe(version);
  });
});

describe('a mistake is told once', () => {
  test('where the YAML reader tells it twice', () => {
    expect(refusal('limits: x\n  max_batch_bytes: 1\n   max_batch_lines: 2')).toBe(
      ['line 1, column 9', 'line 2, column 20'].map((place) => `✖ ${place}: not well-formed YAML`).join('\n'),
    );
  });

  test.each([
    ['an unknown key', `${ENGINE}    speed: 9`, 'Unrecognized key: "speed"\n  → at backends.gpu-0'],
    [
      'a wrong type',
      'routing: { overflow: { depth: { enter: many } } }',
      'Invalid input: expected number, received string\n  → at routing.overflow.depth.enter',
    ],
    [
      'a key in plain text that would not be one elsewhere, either',
      'tenants: { acme: { webhook: { url: "http://example.com", secret: swordfish } } }',
      'a key does not stand in this file: write ${env:NAME} or ${file:/run/secrets/name}\n  → at tenants.acme.webhook.secret',
    ],
    [
      'a weight that is none, without the sum it spoils',
      'routing: { strategies: { auto: { weights: { cost: 2 } } } }',
      'Too big: expected number to be <=1\n  → at routing.strategies.auto.weights.cost',
    ],
    [
      'a scorer that there is not, without the sum that lacks it',
      'routing: { strategies: { auto: { weights: { cost: 0.5, speed: 0.5 } } } }',
      'Unrecognized key: "speed"\n  → at routing.strategies.auto.weights',
    ],
    [
      'a name of a model that is empty, and so not served',
      'models: { group: { any_of: [""] } }',
      'Too small: expected string to have >=1 characters\n  → at models.group.any_of.0',
    ],
    [
      'a name that no cell can have, and so none has',
      'cells: { pins: { acme: "Cell 1" } }',
      'use 1 to 63 of a-z, 0-9, ".", "_", "-", beginning with a letter or digit\n  → at cells.pins.acme',
    ],
    [
      'a number that is too small, and so no multiple',
      'routing: { affinity: { block_tokens: 5 } }',
      'Too small: expected number to be >=16\n  → at routing.affinity.block_tokens',
    ],
  ])('%s', (_what, text, mistake) => {
    expect(refusal(text)).toBe(`✖ ${mistake}`);
  });

  test('while two about one place are both told', () => {
    const listed = refusal('cells: { redis_urls: { b: nowhere } }');
    expect(listed).toContain('a Redis URL, as REDIS_URL has it\n  → at cells.redis_urls.b');
    expect(listed).toContain('there is no cell "b"; the cells are: 0\n  → at cells.redis_urls.b');
  });
});

describe('YAML', () => {
  test('a duplicate key is refused with its place and without quoting the file', () => {
    const listed = refusal('limits: {}\nlimits: { max_batch_bytes: swordfish }\n');
    expect(listed).toBe('✖ line 2, column 1: this key stands twice in its map');
  });

  test('a malformed line is not quoted, because a key may stand in it', () => {
    expect(refusal('backends:\n  a: "swordfish\n')).toMatch(/^✖ line \d+, column \d+: [^"]*$/);
    expect(refusal('backends:\n  a: *swordfish\n')).not.toContain('swordfish');
  });

  test('an alias bomb is refused', () => {
    const levels = Array.from({ length: 9 }, (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i},`.repeat(9)}]`);
    expect(refusal(['l0: &l0 x', ...levels].join('\n'))).toContain('aliases unfold');
  });

  test('a key like __proto__ is an unknown key and changes nothing else', () => {
    expect(refusal('__proto__: { polluted: true }')).toContain('__proto__');
    expect(refusal('{}', { SPILLWAY____PROTO____POLLUTED: 'true' })).not.toBe('accepted');
    expect({}).not.toHaveProperty('polluted');
  });
});
