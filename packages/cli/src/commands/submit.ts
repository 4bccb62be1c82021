import { randomUUID } from 'node:crypto';
import type { JobBody } from '@spillway/contracts';
import { isTerminal } from '@spillway/core';
import { Option, type Command } from 'commander';
import type { Cli } from '../cli.ts';
import { statusText } from '../output/job-text.ts';
import { parseWait } from '../parse-values.ts';
import { openSession, type Session } from '../session.ts';
import { createJobInput, type SubmitFlags } from './create-job-input.ts';
import { addJobFlags } from './job-flags.ts';
import { readPrompt } from './read-prompt.ts';
import { reportFinished } from './report-finished.ts';

const DEFAULT_WAIT_SECONDS = 300;
/** What one answer is held for; the rest of a longer wait is polled. */
const HELD_SECONDS = 30;

export function registerSubmit(program: Command, cli: Cli): void {
  const submit = program
    .command('submit')
    .description('submit a job: a prompt, or with --request a whole request as JSON')
    .argument('[prompt...]', 'the words of the prompt; without any, or with "-", stdin is read');
  addJobFlags(submit)
    .option('--webhook <url>', 'where to report the end')
    .addOption(
      new Option('--wait [seconds]', 'wait for the end and print the answer (5m unless given)').argParser(
        parseWait,
      ),
    )
    .option('--idempotency-key <key>', 'your name for this submission: repeating it makes no second job')
    .action(async (words: readonly string[], flags: SubmitFlags, command: Command) => {
      const session = openSession(cli, command);
      const input = createJobInput(await readPrompt(words, flags, session.context), flags);
      const client = session.connect();
      const limitSeconds = flags.wait === true ? DEFAULT_WAIT_SECONDS : flags.wait;
      const job = await client.submit(input, {
        // a key of its own makes a lost answer safe to ask for again
        idempotencyKey: flags.idempotencyKey ?? randomUUID(),
        waitSeconds: limitSeconds === undefined ? undefined : Math.min(HELD_SECONDS, limitSeconds),
        signal: session.signal,
      });
      if (limitSeconds === undefined) reportSubmitted(job, session);
      else reportFinished(await waitForEnd(job, limitSeconds, client, session), session);
    });
}

async function waitForEnd(
  job: JobBody,
  limitSeconds: number,
  client: ReturnType<Session['connect']>,
  { output, signal }: Session,
): Promise<JobBody> {
  if (isTerminal(job.status)) return job;
  output.note(`${job.id} ${statusText(job, output.noteStyle)}`);
  return client.waitUntilFinished(job.id, { timeoutMs: limitSeconds * 1000, signal });
}

function reportSubmitted(job: JobBody, { output }: Session): void {
  output.result(job, () => job.id);
  output.note(`${statusText(job, output.noteStyle)}; its answer: spillway wait ${job.id}`);
}
