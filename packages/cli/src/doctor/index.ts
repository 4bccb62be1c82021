export { findingsText } from './findings-text.ts';
export { runDoctor } from './run-doctor.ts';
