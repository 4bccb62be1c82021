import { parseEngineFlags } from './engine-flags.ts';
import { runSimulator } from './run-simulator.ts';
import { DEFAULT_SIM_MODEL, startEngineSim } from './start-engine-sim.ts';

const options = parseEngineFlags(process.argv.slice(2));
if (options.ok) {
  const model = options.value.modelName ?? DEFAULT_SIM_MODEL;
  await runSimulator('engine-sim', `SIMULATED engine, model ${model}`, () => startEngineSim(options.value));
} else {
  (options.error.exitCode === 0 ? process.stdout : process.stderr).write(options.error.print);
  process.exitCode = options.error.exitCode;
}
