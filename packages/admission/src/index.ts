export { prepareJob, refuseModel, type Refusal } from './prepare-job.ts';
