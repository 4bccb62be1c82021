import type { JobBody } from '@spillway/contracts';
import { EXIT } from '../exit-code.ts';
import { answerText, endText } from '../output/job-text.ts';
import { plainText } from '../output/plain-text.ts';
import type { Session } from '../session.ts';

/** The end of a job that was waited for: the answer on stdout, the rest on stderr, 1 unless it completed. */
export function reportFinished(job: JobBody, { output, finish, context }: Session): void {
  output.note(endText(job, output.noteStyle));
  output.result(job, () => {
    const answer = answerText(job);
    // to a file or pipe the answer goes as it is; a terminal would obey its control characters
    return context.stdout.isTTY === true ? answer.split('\n').map(plainText).join('\n') : answer;
  });
  if (job.status !== 'completed') finish(EXIT.failed);
}
