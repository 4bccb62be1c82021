// A process on a leash that drains for a moment when it is told to end; a test ends it in different ways.
import { createLogger } from '../logging/logger.ts';
import { endWithParent } from '../lifecycle/end-with-parent.ts';
import { failFast } from '../lifecycle/fail-fast.ts';
import { listenForShutdown } from '../lifecycle/listen-for-shutdown.ts';
import { wait } from '../time/wait.ts';

const logger = createLogger('leashed', { level: 'info' });
failFast(process, logger);
endWithParent(process, logger, 'stdin');
const shutdown = listenForShutdown(process, logger);
if (process.argv[2] === 'fail') {
  setTimeout(() => {
    throw new SyntaxError('a bug');
  }, 10);
}
logger.info({ event: 'service.started' });
await wait(60_000, shutdown);
await wait(200, new AbortController().signal);
logger.info({ event: 'service.drained' });
