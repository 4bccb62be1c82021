import { parseId, type JobId } from '@spillway/core';
import { InvalidArgumentError } from 'commander';

/** Readers of option and argument values: each throws commander's error, which names the option. */
export function parseJobId(raw: string): JobId {
  const id = parseId('JobId', raw);
  if (id.ok) return id.value;
  throw new InvalidArgumentError('A job id looks like job_01kb3v6x8ezq4r0m5t7w9y2a4c.');
}

export function parseBatchId(raw: string): string {
  if (parseId('BatchId', raw).ok) return raw;
  throw new InvalidArgumentError('A batch id looks like batch_01kb3v6x8ezq4r0m5t7w9y2a4c.');
}

export function parseCount(raw: string): number {
  const count = Number(raw);
  if (/^\d+$/.test(raw) && count >= 1 && Number.isSafeInteger(count)) return count;
  throw new InvalidArgumentError('Give a whole number, 1 or more.');
}

/** A share of something: 0 to 1. */
export function parseShare(raw: string): number {
  const share = Number(raw);
  if (/^\d*\.?\d+$/.test(raw) && share <= 1) return share;
  throw new InvalidArgumentError('Give a number from 0 to 1.');
}

/** Dollars, cents after a point. */
export function parseAmount(raw: string): number {
  if (/^\d*\.?\d+$/.test(raw)) return Number(raw);
  throw new InvalidArgumentError('Give an amount of dollars, as in 0.02.');
}

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** 90, 90s, 10m, 2h or 1d, in seconds. */
export function parseSeconds(raw: string): number {
  const [, digits, unit = 's'] = /^(\d{1,9})([smhd])?$/.exec(raw) ?? [];
  const seconds = Number(digits) * (UNIT_SECONDS[unit] ?? Number.NaN);
  if (seconds >= 1) return seconds;
  throw new InvalidArgumentError('Give seconds, or a length such as 90s, 10m, 2h or 1d.');
}

/** 90m, 2h or 1d, as the platform takes a completion window. */
export function parseWindow(raw: string): string {
  if (/^[1-9]\d{0,5}[mhd]$/.test(raw)) return raw;
  throw new InvalidArgumentError('Give a length such as 90m, 2h or 1d.');
}

/** The value of --wait: its seconds may be left out, so a prompt word can land here. */
export function parseWait(raw: string): number {
  try {
    return parseSeconds(raw);
  } catch {
    throw new InvalidArgumentError('Give seconds, as in --wait=30; or write --wait after the prompt.');
  }
}

/** One key=value, added to those before. */
export function collectMetadata(
  raw: string,
  before: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const at = raw.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Give key=value.');
  return { ...before, [raw.slice(0, at)]: raw.slice(at + 1) };
}
