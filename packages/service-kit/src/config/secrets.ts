import type { Mistake } from './mistakes.ts';

/** Where `${env:NAME}` and `${file:/path}` are looked up. */
export interface SecretSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Reads a whole file as text; throws when it cannot. */
  readonly readFile: (path: string) => string;
}

export interface Secret {
  readonly path: readonly string[];
  /** As the file has it: `${env:NAME}`. */
  readonly reference: string;
  readonly value: string;
}

export interface ResolvedSecrets {
  /** The tree with each reference replaced by its secret. */
  readonly value: unknown;
  readonly secrets: readonly Secret[];
  readonly mistakes: readonly Mistake[];
}

const REFERENCE = /^\$\{(env|file):([^{}]+)\}$/;

/** Fields that hold a key, and so only ever a reference to one: the file is read, copied and committed by people. */
const KEPT_ELSEWHERE: ReadonlySet<string> = new Set(['api_key', 'secret', 'secret_access_key']);
const WRITE_A_REFERENCE = 'a key does not stand in this file: write ${env:NAME} or ${file:/run/secrets/name}';

/** The keys that stand in a configuration file in plain text; the environment may override them with plain text. */
export function findPlainKeys(tree: unknown, path: readonly string[] = []): readonly Mistake[] {
  if (typeof tree !== 'object' || tree === null) return [];
  return Object.entries(tree).flatMap(([name, value]: [string, unknown]) => {
    const at = [...path, name];
    const plain = KEPT_ELSEWHERE.has(name) && typeof value === 'string' && !value.includes('${');
    return plain ? [{ path: at, message: WRITE_A_REFERENCE }] : findPlainKeys(value, at);
  });
}

/** Replaces secret references, which must be the whole value; what is missing or malformed is a named mistake. */
export function resolveSecrets(tree: unknown, sources: SecretSources): ResolvedSecrets {
  const secrets: Secret[] = [];
  const mistakes: Mistake[] = [];

  const visit = (node: unknown, path: readonly string[]): unknown => {
    if (typeof node === 'string') return resolve(node, path);
    if (Array.isArray(node)) return node.map((item: unknown, index) => visit(item, [...path, String(index)]));
    if (typeof node !== 'object' || node === null) return node;
    return Object.fromEntries(
      Object.entries(node).map(([key, value]) => [key, visit(value, [...path, key])]),
    );
  };

  const resolve = (text: string, path: readonly string[]): string => {
    if (!text.includes('${')) return text;
    const [reference, kind, name] = REFERENCE.exec(text) ?? [];
    if (reference === undefined || name === undefined) {
      mistakes.push({
        path,
        message: 'a secret is the whole value: ${env:NAME} or ${file:/run/secrets/name}',
      });
      return text;
    }
    const found = kind === 'env' ? fromEnvironment(name, sources.env) : fromFile(name, sources.readFile);
    if (found.value === undefined) {
      mistakes.push({ path, message: found.problem });
      return text;
    }
    secrets.push({ path, reference, value: found.value });
    return found.value;
  };

  return { value: visit(tree, []), secrets, mistakes };
}

type Lookup = { readonly value: string } | { readonly value?: undefined; readonly problem: string };

function fromEnvironment(name: string, env: SecretSources['env']): Lookup {
  const value = env[name];
  return value === undefined || value === ''
    ? { problem: `the environment variable ${name} is not set` }
    : { value };
}

function fromFile(path: string, readFile: SecretSources['readFile']): Lookup {
  if (!path.startsWith('/')) return { problem: `the secret file ${path} needs an absolute path` };
  try {
    const value = readFile(path).trim();
    return value === '' ? { problem: `the secret file ${path} is empty` } : { value };
  } catch {
    return { problem: `the secret file ${path} cannot be read` };
  }
}
