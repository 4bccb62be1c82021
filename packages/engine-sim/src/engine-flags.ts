import { parseArgs } from 'node:util';
import { err, ok, type Result } from '@spillway/core';
import { FlagReader } from './read-flags.ts';
import type { EngineSimOptions } from './start-engine-sim.ts';

const ENGINE_HELP = `A SIMULATED vLLM server: the HTTP API, the metrics and the timing of one RTX 4090, and no model.

  --port N               port to listen on (0 = any free one)          default 0
  --host ADDRESS         address to listen on                          default 127.0.0.1
  --model NAME           name of the served model                      default llama-3.1-8b-sim
  --speed X              virtual per real time, or 'instant'           default 1
  --max-num-seqs N       most requests running at once                 default 48
  --kv-tokens N          tokens the KV cache holds                     default 96000
  --no-prefix-caching    compute every prompt from its beginning
  --max-model-len N      tokens of prompt and answer together          default 32768
  --max-queued N         waiting and running; above that 503           default 512
  --power-limit PERCENT  power limit of the card, 40 to 100            default 100
  --seed N               changes all answers                           default 0
  --schema-mistakes X    share of inputs answered wrongly once, 0 to 1 default 0
  --no-json-schema       refuse response_format, as engines without
                         guided decoding do
  --api-key KEY          key that /v1 asks for                         default none
  --journal FILE         a line per start, arrival and end          default none
  --help                 this text
`;

const text = { type: 'string' } as const;

/** Reads the command line of the engine; answers with what to print when it is a question or a mistake. */
export function parseEngineFlags(
  args: readonly string[],
): Result<EngineSimOptions, { readonly print: string; readonly exitCode: 0 | 2 }> {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        port: text,
        host: text,
        model: text,
        speed: text,
        'max-num-seqs': text,
        'kv-tokens': text,
        'no-prefix-caching': { type: 'boolean' },
        'max-model-len': text,
        'max-queued': text,
        'power-limit': text,
        seed: text,
        'schema-mistakes': text,
        'no-json-schema': { type: 'boolean' },
        'api-key': text,
        journal: text,
        help: { type: 'boolean' },
      },
    });
    if (values.help === true) return err({ print: ENGINE_HELP, exitCode: 0 });
    const flags = new FlagReader(values);
    const options = flags.finish({
      port: flags.wholeNumber('port', 0, 65_535),
      host: flags.text('host'),
      modelName: flags.text('model'),
      speed: flags.speed('speed'),
      maxNumSeqs: flags.wholeNumber('max-num-seqs', 1, 100_000),
      kvCapacityTokens: flags.wholeNumber('kv-tokens', 16, 1_000_000_000),
      prefixCaching: values['no-prefix-caching'] === true ? false : undefined,
      maxModelLen: flags.wholeNumber('max-model-len', 1, 100_000_000),
      maxQueuedRequests: flags.wholeNumber('max-queued', 1, 10_000_000),
      powerLimitPercent: flags.wholeNumber('power-limit', 40, 100),
      seed: flags.wholeNumber('seed', 0, 2 ** 31 - 1),
      schemaMistakes: flags.share('schema-mistakes'),
      jsonSchema: values['no-json-schema'] === true ? false : undefined,
      apiKey: flags.text('api-key'),
      journalPath: flags.text('journal'),
    });
    return options.ok ? ok(options.value) : err({ print: `${options.error.join('\n')}\n`, exitCode: 2 });
  } catch (error) {
    // parseArgs throws for flags it does not know
    return err({ print: `${error instanceof Error ? error.message : String(error)}\n`, exitCode: 2 });
  }
}
