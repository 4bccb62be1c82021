import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isJsonObject } from '@spillway/core';
import type { CliContext } from './context.ts';
import { UsageError } from './usage-error.ts';

export interface Credentials {
  readonly url: string;
  readonly apiKey: string;
  /** Where they came from, in words. */
  readonly source: string;
}

export interface CredentialFlags {
  readonly url?: string | undefined;
  readonly apiKey?: string | undefined;
}

type Surroundings = Pick<CliContext, 'env' | 'cwd' | 'uid' | 'checkout'>;

const NAME = 'credentials.json';
const FILE = join('.spillway', NAME);
const HOW = `Ways to give them:
  start a platform here with "npm start": it writes ${FILE}
  set SPILLWAY_URL and SPILLWAY_API_KEY
  use --url and --api-key; "spillway keys new" makes a key`;

/**
 * Flags win over the environment, the environment over a file: that of SPILLWAY_DATA, of the nearest folder upwards, or
 * of the checkout the command stands in. The key of a file is only ever sent to the URL of the same file.
 */
export function findCredentials(flags: CredentialFlags, surroundings: Surroundings): Credentials {
  const url = flags.url ?? (surroundings.env['SPILLWAY_URL'] || undefined);
  const apiKey = flags.apiKey ?? (surroundings.env['SPILLWAY_API_KEY'] || undefined);
  if (url !== undefined && apiKey !== undefined) return { url, apiKey, source: 'flags and environment' };
  const file = findFile(surroundings);
  if (file === undefined) {
    const missing = url === undefined ? (apiKey === undefined ? 'URL or API key' : 'URL') : 'API key';
    throw new UsageError(`no ${missing} of a platform is known.\n${HOW}`);
  }
  if (url === undefined) return { ...file, apiKey: apiKey ?? file.apiKey };
  if (sameOrigin(url, file.url)) return { ...file, url };
  throw new UsageError(
    `no API key for ${url} is known: the one in ${file.source} belongs to ${file.url} and is not sent elsewhere.\n${HOW}`,
  );
}

function findFile({ env, cwd, uid, checkout }: Surroundings): Credentials | undefined {
  const data = env['SPILLWAY_DATA'];
  const paths = [
    ...(data ? [join(data, NAME)] : []),
    ...upwards(cwd).map((folder) => join(folder, FILE)),
    ...(checkout === undefined ? [] : [join(checkout, FILE)]),
  ];
  for (const path of paths) {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat?.isFile() !== true) continue;
    // someone else's file in a shared folder would receive our prompts
    if (uid !== undefined && stat.uid !== uid) {
      throw new UsageError(`${path} belongs to another user and is not used.\n${HOW}`);
    }
    return readCredentials(path);
  }
  return undefined;
}

function upwards(folder: string): readonly string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...upwards(parent)];
}

function readCredentials(path: string): Credentials {
  const { url, api_key: apiKey } = readObject(path);
  if (typeof url === 'string' && typeof apiKey === 'string') return { url, apiKey, source: path };
  throw new UsageError(`${path} lacks "url" or "api_key"; remove it and start the platform again.`);
}

function readObject(path: string): { readonly url?: unknown; readonly api_key?: unknown } {
  try {
    const parsed: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isJsonObject(parsed) ? parsed : {};
  } catch (cause) {
    throw new UsageError(`${path} cannot be read as JSON; remove it and start the platform again.`, {
      cause,
    });
  }
}

const sameOrigin = (a: string, b: string): boolean =>
  URL.canParse(a) && URL.canParse(b) && new URL(a).origin === new URL(b).origin;
