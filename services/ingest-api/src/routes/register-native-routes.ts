import type { OpenAPIHono } from '@hono/zod-openapi';
import { type CancelJobDeps, registerCancelJob } from './cancel-job.ts';
import { type CreateJobDeps, registerCreateJob } from './create-job.ts';
import { type ExplainJobDeps, registerExplainJob } from './explain-job.ts';
import { type GetJobDeps, registerGetJob } from './get-job.ts';
import { registerListJobDecisions } from './list-job-decisions.ts';
import { type ListJobsDeps, registerListJobs } from './list-jobs.ts';
import type { AppEnv } from './route-kit.ts';

export type NativeDeps = CreateJobDeps & ExplainJobDeps & GetJobDeps & ListJobsDeps & CancelJobDeps;

/** What our own clients call. */
export function registerNativeRoutes(app: OpenAPIHono<AppEnv>, deps: NativeDeps): void {
  registerCreateJob(app, deps);
  registerExplainJob(app, deps);
  registerGetJob(app, deps);
  registerListJobs(app, deps);
  registerCancelJob(app, deps);
  registerListJobDecisions(app, deps);
}
