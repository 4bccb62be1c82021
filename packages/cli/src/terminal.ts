export { formatCount, formatDuration, formatUsd } from './output/format.ts';
export { table } from './output/table.ts';
export { progressLine, type ProgressView } from './process/progress-line.ts';
