import { createHash, randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import { parseName } from '@spillway/core';
import type { Cli } from '../cli.ts';
import { openSession } from '../session.ts';
import { UsageError } from '../usage-error.ts';

const KEY_BYTES = 32;

export function registerKeys(program: Command, cli: Cli): void {
  const keys = program.command('keys').description('API keys');
  keys
    .command('new')
    .description('make an API key and the line for spillway.yaml; nothing is stored or sent')
    .option('--tenant <name>', 'the tenant the key is for', 'default')
    .action(({ tenant }: { readonly tenant: string }, command: Command) => {
      if (!parseName('TenantId', tenant).ok) {
        throw new UsageError(
          `"${tenant}" is no tenant's name: use a-z, 0-9, ".", "_", "-", at most 63 of them`,
        );
      }
      const { output } = openSession(cli, command);
      const apiKey = `sk-spillway-${randomBytes(KEY_BYTES).toString('base64url')}`;
      const sha256 = createHash('sha256').update(apiKey).digest('hex');
      output.note('Keep the key; the platform only ever needs its SHA-256. In spillway.yaml:');
      output.result(
        { api_key: apiKey, api_key_sha256: sha256, tenant },
        () => `${apiKey}\n\ntenants:\n  ${tenant}:\n    api_key_sha256:\n      - ${sha256}`,
      );
    });
}
