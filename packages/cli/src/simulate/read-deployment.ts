import { schedulingPolicy } from '@spillway/contracts';
import { DEFAULT_POLICY, type SchedulingPolicy } from '@spillway/core';
import type { CliContext } from '../context.ts';
import { UsageError } from '../usage-error.ts';
import { DEFAULT_DEPLOYMENT } from './default-deployment.ts';
import { deploymentOf, type SimulatedDeployment } from './deployment-of.ts';
import { orUsageError } from './or-usage-error.ts';
import { readProfiles } from './profiles.ts';
import { simulatedConfig } from './simulated-config.ts';

/** What of the command line says where jobs run; paths are absolute. */
export interface DeploymentOptions {
  readonly backends: string | undefined;
  readonly profiles: string | undefined;
  /** Stands for names in the trace that the configuration does not serve. */
  readonly model?: string;
}

/** The deployment that was named, or one card and a cloud, and the numbers of its scheduler; throws a UsageError. */
export function readDeployment(
  { backends, profiles, model }: DeploymentOptions,
  env: CliContext['env'],
): readonly [SimulatedDeployment, SchedulingPolicy] {
  if (backends === undefined) {
    if (profiles !== undefined || model !== undefined)
      throw new UsageError(
        '--profiles and --model are about the backends of a file: name it with --backends',
      );
    return [DEFAULT_DEPLOYMENT, DEFAULT_POLICY];
  }
  const config = orUsageError(simulatedConfig(backends, env));
  const read = profiles === undefined ? {} : orUsageError(readProfiles(profiles));
  const deployment = deploymentOf(config, read, model);
  if (!deployment.ok) throw new UsageError(`${backends}: ${deployment.error}`);
  return [deployment.value, schedulingPolicy(config)];
}
