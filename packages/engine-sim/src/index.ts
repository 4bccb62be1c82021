export { simulatedDigest } from './answers/digest.ts';
export { BatchingEngine, type BatchingOptions } from './engine/batching.ts';
export { RTX_4090_PROFILE, type StepProfile } from './engine/profile.ts';
export { newSequence, type Sequence } from './engine/sequence.ts';
export type { EngineStats } from './http/engine/engine-stats.ts';
export {
  DEFAULT_SIM_MODEL,
  startEngineSim,
  type EngineSimOptions,
  type RunningEngineSim,
} from './start-engine-sim.ts';
export type { SimSpeed } from './sim-speed.ts';
export {
  startProviderSim,
  type ProviderSimOptions,
  type ProviderStats,
  type RunningProviderSim,
} from './start-provider-sim.ts';
