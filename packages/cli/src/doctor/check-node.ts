import { found, type Finding } from './finding.ts';

const OLDEST_MAJOR = 24;

/** The Node this command runs under, which is the one the platform runs under too. */
export function checkNode(version: string): Finding {
  if (Number(version.split('.')[0]) >= OLDEST_MAJOR) return found('node', `v${version}`);
  return {
    name: 'node',
    status: 'missing',
    detail: `v${version}; v${OLDEST_MAJOR} or newer is needed`,
    fix: 'start through ./spillway or "npm start", which bring their own, or install Node 24 from https://nodejs.org',
  };
}
