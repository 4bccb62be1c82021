import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';

/** The development key of one data folder. */
export interface ApiKey {
  readonly text: string;
  readonly sha256: string;
  /** Whether this start made it. */
  readonly isNew: boolean;
}

const credentialsSchema = z.object({ api_key: z.string().regex(/^sk-spillway-[\w-]{43}$/) });

/** The key that an earlier start wrote, or a new one of 32 random bytes. */
export function openApiKey(dataDir: string): ApiKey {
  const known = readKey(credentialsPath(dataDir));
  const text = known ?? `sk-spillway-${randomBytes(32).toString('base64url')}`;
  return { text, sha256: createHash('sha256').update(text).digest('hex'), isNew: known === undefined };
}

/** Writes URL and key for the command line, readable by this user alone; the only place the key stands in. */
export function writeCredentials(dataDir: string, url: string, key: ApiKey): string {
  const path = credentialsPath(dataDir);
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, `${JSON.stringify({ url, api_key: key.text }, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(temporary, path);
  return path;
}

const credentialsPath = (dataDir: string): string => join(dataDir, 'credentials.json');

function readKey(path: string): string | undefined {
  try {
    return credentialsSchema.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data?.api_key;
  } catch {
    return undefined;
  }
}
