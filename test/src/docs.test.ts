import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { configSchema, PROBLEMS, schedulingPolicy } from '@spillway/contracts';
import { DEFAULT_POLICY, FILTER_CODES, ORDER_RULES, SCORER_NAMES } from '@spillway/core';
import { parseConfig } from '@spillway/service-kit';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const pages = globSync(['*.md', 'docs/**/*.md', '{examples,packages/*,services/*,infra/*}/README.md'], {
  cwd: root,
}).toSorted();

describe.each(pages)('%s', (page) => {
  const text = withoutCode(read(page));

  test('every relative link leads somewhere, and its anchor to a heading', () => {
    const links = [...text.matchAll(/\]\((?<target>[^)\s]+)\)/g)].map(
      ({ groups }) => groups?.['target'] ?? '',
    );
    const dead = links.filter((link) => !/^[a-z]+:/.test(link) && !leadsSomewhere(page, link));
    expect(dead).toEqual([]);
  });

  test('every npm script it names is one of ours', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    expect(scriptsIn(read(page)).filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });
});

test("the job's life is drawn in the architecture as the transition table's own diagram draws it", () => {
  const drawn = lifeIn(read('docs/architecture.md'));
  expect(drawn).toContain('queued --> dispatched');
  expect(drawn).toBe(lifeIn(read('packages/core/src/job/state-machine.md')));
});

test('every problem stands in the API with its status, and no other does', () => {
  const rows = [...read('docs/api.md').matchAll(/^\| `(?<code>[a-z-]+)` +\| (?<status>\d{3}) +\|/gm)].map(
    ({ groups }) => [groups?.['code'], Number(groups?.['status'])],
  );
  expect(rows).toEqual(Object.entries(PROBLEMS).map(([code, { status }]) => [code, status]));
});

describe('how a job is decided', () => {
  const text = read('docs/scheduling.md');
  const firstCells = (from: string): readonly (string | undefined)[] =>
    [...sectionOf(text, from).matchAll(/^\| `(?<name>[A-Za-z_-]+)` /gm)].map(
      ({ groups }) => groups?.['name'],
    );

  test('every order rule and every filter stands there, in the order they are asked', () => {
    expect(firstCells('Order')).toEqual(ORDER_RULES);
    expect(firstCells('Filters')).toEqual(FILTER_CODES);
  });

  test('the weights of every scorer are the default ones, in per cent', () => {
    const strategies = ['auto', 'fast', 'quality', 'cost', 'long_context'] as const;
    const rows = SCORER_NAMES.map((name) => [
      name,
      ...strategies.map((strategy) => Math.round(100 * DEFAULT_POLICY.strategies[strategy].weights[name])),
    ]);
    const told = [
      ...sectionOf(text, 'Scores').matchAll(/^\| `(?<name>[a-z]+)` .*?\|(?<weights>[ \d|]+)\|$/gm),
    ].map(({ groups }) => [groups?.['name'], ...(groups?.['weights'] ?? '').split('|').map(Number)]);
    expect(told).toEqual(rows);
  });
});

describe('the configuration', () => {
  const explained = codeWordsOf(read('docs/configuration.md'));
  const example = read('examples/spillway.yaml');
  const keysInExample = [...example.matchAll(/(?<key>[a-z_\d]+):/g)].map(({ groups }) => groups?.['key']);

  test('the example is one the platform takes, and holds no secret', () => {
    const parsed = parseConfig(example, { OPENAI_API_KEY: 'sk-given' }, read, 'examples/spillway.yaml');
    expect(parsed).toMatchObject({
      ok: true,
      value: { config: { backends: { openai: { api_key: 'sk-given' } } } },
    });
    expect(JSON.stringify(parseConfig(example, {}, read))).toContain('OPENAI_API_KEY is not set');
  });

  test("the defaults of the scheduler's numbers stand in their tables", () => {
    const { privacy: _, quality, strategies, ...numbers } = configSchema.parse({}).routing;
    const page = read('docs/configuration.md');
    const rows = page.matchAll(/^\| `routing\.(?<path>[a-z_.]+)` +\| `?(?<value>[a-z\d.]+)`? +\|/gm);
    const told = Array.from(rows, ({ groups }) => [groups?.['path'], groups?.['value']]);
    expect(Object.fromEntries(told)).toEqual(leavesOf(numbers));
    expect(quality).toEqual({});
    for (const [name, { cloud, weights }] of Object.entries(strategies)) {
      const cells = [`\`${name}\``, `\`${cloud}\``, ...Object.values(weights).map(String)];
      expect(page.replaceAll(/ +/g, ' ')).toContain(`| ${cells.join(' | ')} |`);
    }
  });

  test('and in the example', () => {
    const parsed = parseConfig(example, { OPENAI_API_KEY: 'sk-given' }, read);
    expect(parsed.ok && { ...schedulingPolicy(parsed.value.config), quality: {} }).toEqual(DEFAULT_POLICY);
  });

  test.each(keysOf(configSchema.toJSONSchema({ io: 'input', unrepresentable: 'any' })))(
    '"%s" is explained, and stands in the example',
    (key) => {
      expect(explained).toContain(key);
      expect(keysInExample).toContain(key);
    },
  );
});

/** Fenced blocks and code spans hold text that looks like a link. */
function withoutCode(text: string): string {
  return text.replaceAll(/^```[\s\S]*?^```$/gm, '').replaceAll(/`[^`\n]*`/g, '');
}

function leadsSomewhere(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? join(root, page) : resolve(root, dirname(page), path);
  if (!existsSync(target)) return false;
  return anchor === undefined || headingsOf(readFileSync(target, 'utf8')).includes(anchor);
}

/** What stands under a heading, up to the next one. */
const sectionOf = (text: string, title: string): string =>
  text.split(/^#+ /m).find((section) => section.startsWith(`${title}\n`)) ?? '';

/** Headings as they become anchors: lower case, no punctuation, dashes for blanks. */
const headingsOf = (text: string): readonly string[] =>
  [...withoutFences(text).matchAll(/^#+ (?<title>.+)$/gm)].map(({ groups }) =>
    (groups?.['title'] ?? '')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

const withoutFences = (text: string): string => text.replaceAll(/^```[\s\S]*?^```$/gm, '');

/** `npm start`, `npm test`, `npm run -s demo`; what npm itself can do is not a script. */
const scriptsIn = (text: string): readonly string[] =>
  [...text.matchAll(/\bnpm (?:run (?:-s )?(?<run>[a-z][a-z-]*)|(?<bare>start|test)\b)/g)].map(
    ({ groups }) => groups?.['run'] ?? groups?.['bare'] ?? '',
  );

/** Every word that stands in a code span: `routing.overflow.mode` has three. */
const codeWordsOf = (text: string): readonly string[] =>
  [...withoutFences(text).matchAll(/`[^`\n]+`/g)].flatMap(([span]) => span.match(/[a-z_\d]+/g) ?? []);

const lifeIn = (text: string): string | undefined => /```mermaid\n(stateDiagram[\s\S]*?)```/.exec(text)?.[1];

/** The name of every field anywhere in a JSON Schema, once. */
function keysOf(schema: unknown): readonly string[] {
  const names = new Set<string>();
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const [word, value] of Object.entries(node)) {
      if (word === 'properties') for (const name of Object.keys(value as object)) names.add(name);
      visit(value);
    }
  };
  visit(schema);
  return [...names].toSorted();
}

/** The leaves of a tree by their path, as text: `depth.enter` → '40'. */
function leavesOf(tree: object, path = ''): Readonly<Record<string, string>> {
  return Object.assign(
    {},
    ...Object.entries(tree).map(([name, value]: [string, unknown]) =>
      typeof value === 'object' && value !== null
        ? leavesOf(value, `${path}${name}.`)
        : { [`${path}${name}`]: String(value) },
    ),
  ) as Record<string, string>;
}
