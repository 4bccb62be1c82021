/** What the command ends with; `spillway --help` lists the same. */
export const EXIT = {
  ok: 0,
  /** The job or batch failed, expired or was cancelled; documents have no outcome; the platform cannot run. */
  failed: 1,
  usage: 2,
  platform: 3,
  unfinished: 4,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_HELP = `
Exit codes:
  0    done
  1    the job or batch failed, expired or was cancelled; a document has no outcome
       (or failed, with --strict); doctor found that the platform cannot run
  2    the command was not understood, or a file it names cannot be used
  3    the platform cannot be reached, or refused the request
  4    the job had not ended when the time given to wait ran out
  130  interrupted`;
