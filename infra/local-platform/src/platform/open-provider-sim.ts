import { PROVIDER_SIM } from './children.ts';
import type { PlatformContext } from './context.ts';

/** Starts the simulated clouds where they are asked for; the same port again whenever they are started again. */
export async function openProviderSim(context: PlatformContext): Promise<void> {
  const settings = context.options.providerSim;
  if (settings === undefined) return;
  const { port, flags = [] } = settings;
  const child = context.children.startNode(PROVIDER_SIM, {
    file: context.programs.providerSim,
    args: ['--port', String(port), ...flags],
    env: {},
    leash: 'shell',
    isReady: (line) => line.includes(`:${port}`),
  });
  await context.ready(child);
}
