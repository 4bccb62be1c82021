export interface OutputStream {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

export interface InputStream extends AsyncIterable<Uint8Array | string> {
  readonly isTTY?: boolean | undefined;
}

/** Everything a command takes from the process it runs in. */
export interface CliContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** The user's id, where the system has one. */
  readonly uid: number | undefined;
  /** The checkout this command is run from, where there is one. */
  readonly checkout: string | undefined;
  readonly stdin: InputStream;
  /** A whole stream, as results may be more than its reader takes at once. */
  readonly stdout: OutputStream & NodeJS.WritableStream;
  readonly stderr: OutputStream;
  /** Fires at the first Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
  readonly nowMs: () => number;
}
