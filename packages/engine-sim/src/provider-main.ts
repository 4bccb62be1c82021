import { parseProviderFlags } from './provider-flags.ts';
import { runSimulator } from './run-simulator.ts';
import { startProviderSim } from './start-provider-sim.ts';

const options = parseProviderFlags(process.argv.slice(2));
if (options.ok) {
  const about = 'SIMULATED providers, OpenAI at /openai/v1 and Anthropic at /anthropic';
  await runSimulator('provider-sim', about, () => startProviderSim(options.value));
} else {
  (options.error.exitCode === 0 ? process.stdout : process.stderr).write(options.error.print);
  process.exitCode = options.error.exitCode;
}
