import { JOB_CLASSES, PRIVACY_CHOICES, ROUTING_STRATEGIES } from '@spillway/core';
import { Option, type Command } from 'commander';
import { collectMetadata, parseAmount, parseCount, parseSeconds, parseShare } from '../parse-values.ts';

/** The options that say what a job is: `submit` makes it, `explain --dry-run` asks what would become of it. */
export const addJobFlags = (command: Command): Command =>
  command
    .option('-f, --file <path>', 'read the prompt (or the request) from a file')
    .option(
      '--request',
      'the text is JSON: a job as POST /v1/jobs takes it, or just its OpenAI-shaped request',
    )
    .option('-m, --model <model>', 'the model, or a group of models of the configuration (default: auto)')
    .option('--system <text>', 'a system message before the prompt')
    .addOption(new Option('--max-tokens <count>', 'longest answer, in tokens').argParser(parseCount))
    .addOption(new Option('--class <class>', 'how much hurry').choices(JOB_CLASSES))
    .addOption(
      new Option('--deadline <seconds>', 'expire when not finished by then; 90s, 10m, 2h').argParser(
        parseSeconds,
      ),
    )
    .option('--local-only', 'never leave your own hardware (the same as --privacy local_only)')
    .addOption(new Option('--privacy <choice>', 'who may see the prompt').choices(PRIVACY_CHOICES))
    .addOption(new Option('--strategy <strategy>', 'how a backend is chosen').choices(ROUTING_STRATEGIES))
    .option('--task <label>', 'your name for this kind of work: its length is learned by it')
    .addOption(new Option('--min-quality <share>', 'least quality of a model, 0 to 1').argParser(parseShare))
    .addOption(
      new Option('--max-cost <usd>', 'most it may cost in the cloud, in dollars').argParser(parseAmount),
    )
    .option('--metadata <key=value>', 'a pair of your own; may be repeated', collectMetadata);
