export type { CliContext, InputStream, OutputStream } from './context.ts';
export { EXIT, type ExitCode } from './exit-code.ts';
export { runCli } from './run-cli.ts';
