export { aClaim } from './a-claim.ts';
export { eventually, openTestCell, type TestCell, type TestJob } from './open-test-cell.ts';
