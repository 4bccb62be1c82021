export { completedJob, problem, sampleBatch, sampleJob, sampleResult } from './samples.ts';
export { serve, type Reply, type SeenRequest, type TestServer } from './serve.ts';
