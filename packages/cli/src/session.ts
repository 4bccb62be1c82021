import { createClient, type SpillwayClient } from '@spillway/client';
import type { Command } from 'commander';
import type { Cli } from './cli.ts';
import type { CliContext } from './context.ts';
import { findCredentials, type CredentialFlags } from './credentials.ts';
import { createOutput, type Output } from './output/output.ts';

export interface GlobalFlags extends CredentialFlags {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** One command's run: what it says, whom it talks to, when to stop. */
export interface Session {
  readonly context: CliContext;
  readonly output: Output;
  readonly signal: AbortSignal;
  readonly finish: Cli['finish'];
  /** Throws a UsageError when no credentials are known. */
  readonly connect: () => SpillwayClient;
}

export function openSession({ context, finish }: Cli, command: Command): Session {
  const flags = command.optsWithGlobals<GlobalFlags>();
  return {
    context,
    finish,
    signal: context.signal,
    output: createOutput(context, { json: flags.json ?? false, quiet: flags.quiet ?? false }),
    connect: () => {
      const { url, apiKey } = findCredentials(flags, context);
      return createClient({ url, apiKey, userAgent: 'spillway-cli' });
    },
  };
}
