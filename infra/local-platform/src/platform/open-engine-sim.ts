import { type Config, isLocalBackend } from '@spillway/contracts';
import { SIMULATED_BACKEND, type SimulatedEngine } from '../engines/default-config.ts';
import type { Found } from '../engines/detect-backends.ts';
import { findPort } from '../process/find-port.ts';
import { ENGINE_SIM } from './children.ts';
import type { PlatformContext } from './context.ts';
import type { EngineSimSettings } from './options.ts';

/** What was found on this machine, or the configuration of the user's own. */
interface Basis {
  readonly found: Found | undefined;
  readonly own: Config | undefined;
}

const DEFAULT_MODEL = 'llama-3.1-8b-sim';
/** Searched from here on, so that it is mostly the same from start to start. */
const FIRST_PORT = 8190;

/**
 * Starts the simulated engine where one is asked for: by the options, because no engine was found, or by a
 * configuration of the user's own that kept the generated one's simulated backend.
 */
export async function openEngineSim(
  context: PlatformContext,
  basis: Basis,
): Promise<SimulatedEngine | undefined> {
  const choice = context.options.engineSim ?? 'auto';
  const settings = choice === 'auto' ? await settingsFor(basis) : choice;
  if (settings === undefined || settings === 'never') return undefined;
  const { model = DEFAULT_MODEL, speed, flags = [] } = settings;
  // the configuration names the port, so it stays the same when the engine is started again
  const port = settings.port ?? (await findPort(FIRST_PORT));
  const child = context.children.startNode(ENGINE_SIM, {
    file: context.programs.engineSim,
    args: [
      '--port',
      String(port),
      '--model',
      model,
      ...(speed === undefined ? [] : ['--speed', String(speed)]),
      ...flags,
    ],
    env: {},
    leash: 'shell',
    isReady: (line) => line.includes(`:${port}`),
  });
  await context.ready(child);
  return { url: `http://127.0.0.1:${port}`, model };
}

async function settingsFor(basis: Basis): Promise<EngineSimSettings | undefined> {
  if (basis.found) return basis.found.engines.length === 0 ? {} : undefined;
  const backend = Object.entries(basis.own?.backends ?? {}).find(([id]) => id === SIMULATED_BACKEND)?.[1];
  if (!backend || !isLocalBackend(backend)) return undefined;
  const { hostname, port } = new URL(backend.url);
  const [model] = Object.values(backend.models);
  if (hostname !== '127.0.0.1' || port === '' || model === undefined) return undefined;
  // whoever listens there already is the engine
  return (await isFree(Number(port))) ? { port: Number(port), model } : undefined;
}

const isFree = async (port: number): Promise<boolean> => (await findPort(port).catch(() => 0)) === port;
