import { createClient, type SpillwayClient } from '@spillway/client';
import type { Command } from 'commander';
import type { Cli } from './cli.ts';
import type { CliContext } from './context.ts';
import { findCredentials, type CredentialFlags, type Credentials } from './credentials.ts';
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
  /** Throws a UsageError when none are known. */
  readonly credentials: () => Credentials;
  /** Throws a UsageError when no credentials are known; `timeoutMs` limits one try of a call. */
  readonly connect: (timeoutMs?: number) => SpillwayClient;
}

export function openSession({ context, finish }: Cli, command: Command): Session {
  const flags = command.optsWithGlobals<GlobalFlags>();
  return {
    context,
    finish,
    signal: context.signal,
    output: createOutput(context, { json: flags.json ?? false, quiet: flags.quiet ?? false }),
    credentials: () => findCredentials(flags, context),
    connect: (timeoutMs) => {
      const { url, apiKey } = findCredentials(flags, context);
      return createClient({ url, apiKey, userAgent: 'spillway-cli', timeoutMs });
    },
  };
}
