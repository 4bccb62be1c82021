import { parseArgs } from 'node:util';
import { err, ok, type Result } from '@spillway/core';
import { FlagReader } from './read-flags.ts';
import type { ProviderSimOptions } from './start-provider-sim.ts';

const PROVIDER_HELP = `SIMULATED cloud providers: OpenAI under /openai/v1 and Anthropic under /anthropic, and no model.

  --port N       port to listen on (0 = any free one)      default 0
  --host ADDRESS address to listen on                      default 127.0.0.1
  --speed X      virtual per real time, or 'instant'       default 1
  --rpm N        requests per minute for each provider     default no limit
  --seed N       changes all answers                       default 0
  --api-key KEY  the key both ask for                      default any key
  --journal FILE a line per start, arrival and end         default none
  --help         this text
`;

const text = { type: 'string' } as const;

/** Reads the command line of the providers; answers with what to print when it is a question or a mistake. */
export function parseProviderFlags(
  args: readonly string[],
): Result<ProviderSimOptions, { readonly print: string; readonly exitCode: 0 | 2 }> {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        port: text,
        host: text,
        speed: text,
        rpm: text,
        seed: text,
        'api-key': text,
        journal: text,
        help: { type: 'boolean' },
      },
    });
    if (values.help === true) return err({ print: PROVIDER_HELP, exitCode: 0 });
    const flags = new FlagReader(values);
    const options = flags.finish({
      port: flags.wholeNumber('port', 0, 65_535),
      host: flags.text('host'),
      speed: flags.speed('speed'),
      requestsPerMinute: flags.wholeNumber('rpm', 1, 10_000_000),
      seed: flags.wholeNumber('seed', 0, 2 ** 31 - 1),
      apiKey: flags.text('api-key'),
      journalPath: flags.text('journal'),
    });
    return options.ok ? ok(options.value) : err({ print: `${options.error.join('\n')}\n`, exitCode: 2 });
  } catch (error) {
    // parseArgs throws for flags it does not know
    return err({ print: `${error instanceof Error ? error.message : String(error)}\n`, exitCode: 2 });
  }
}
