import type { Mistake } from './mistakes.ts';
import { readYaml } from './read-yaml.ts';

const PREFIX = 'SPILLWAY__';

type Tree = Readonly<Record<string, unknown>>;

/**
 * Lays `SPILLWAY__ROUTING__OVERFLOW__DEPTH__ENTER=30` over the file's tree as `routing.overflow.depth.enter: 30`.
 * The value is a YAML scalar. A part of the name meets an existing key whatever its case and punctuation, so
 * `SPILLWAY__BACKENDS__GPU_0__URL` reaches `backends.gpu-0.url`; otherwise it is the key in lower case.
 */
export function applyOverrides(
  tree: unknown,
  env: Readonly<Record<string, string | undefined>>,
): { readonly value: unknown; readonly mistakes: readonly Mistake[] } {
  const mistakes: Mistake[] = [];
  let value = tree;
  for (const [name, text] of Object.entries(env).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (!name.startsWith(PREFIX) || text === undefined || text === '') continue;
    const outcome = override(value, name, text);
    if ('problem' in outcome) mistakes.push({ path: [name], message: outcome.problem });
    else value = outcome.value;
  }
  return { value, mistakes };
}

type Outcome = { readonly value: unknown } | { readonly problem: string };

function override(tree: unknown, name: string, text: string): Outcome {
  const parts = name.slice(PREFIX.length).split('__');
  if (parts.includes('')) return { problem: 'a part of the name between "__" is empty' };
  const scalar = readScalar(text);
  if ('problem' in scalar) return scalar;
  return setAt(tree, parts, scalar.value);
}

function readScalar(text: string): Outcome {
  // a reference to a secret is a flow map to YAML
  if (text.startsWith('${')) return { value: text };
  const { value, mistakes } = readYaml(text);
  return mistakes.length > 0 || (typeof value === 'object' && value !== null)
    ? { problem: 'the value must be one YAML scalar: text, a number, true or false' }
    : { value };
}

function setAt(node: unknown, [part, ...rest]: readonly string[], value: unknown): Outcome {
  if (part === undefined) return { value };
  if (!isTree(node)) return { problem: 'the name leads into a value that is not a map' };
  const matches = Object.keys(node).filter((key) => plain(key) === plain(part));
  if (matches.length > 1) return { problem: `${part} could mean ${matches.join(' or ')}` };
  const key = matches[0] ?? part.toLowerCase();
  const inner = setAt(rest.length > 0 ? (node[key] ?? {}) : undefined, rest, value);
  // built from entries, so that a key like __proto__ stays an ordinary key
  return 'problem' in inner
    ? inner
    : {
        value: Object.fromEntries([
          ...Object.entries(node).filter(([other]) => other !== key),
          [key, inner.value],
        ]),
      };
}

const plain = (key: string): string => key.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_');

const isTree = (node: unknown): node is Tree =>
  typeof node === 'object' && node !== null && !Array.isArray(node);
