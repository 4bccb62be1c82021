import { err, ok, type Result } from '@spillway/core';
import { parseSpeed, type SimSpeed } from './sim-speed.ts';

export type FlagValues = Readonly<Record<string, string | boolean | undefined>>;

/** Reads typed values out of parsed flags and collects every mistake, so that all are reported together. */
export class FlagReader {
  readonly #values: FlagValues;
  readonly #mistakes: string[] = [];

  constructor(values: FlagValues) {
    this.#values = values;
  }

  text(name: string): string | undefined {
    const raw = this.#values[name];
    return typeof raw === 'string' ? raw : undefined;
  }

  wholeNumber(name: string, from: number, to: number): number | undefined {
    const raw = this.text(name);
    if (raw === undefined) return undefined;
    const value = Number(raw);
    if (/^\d+$/u.test(raw) && value >= from && value <= to) return value;
    this.#mistakes.push(`--${name} must be a whole number from ${from} to ${to}`);
    return undefined;
  }

  /** A part of a whole: 0 is none of it, 1 all. */
  share(name: string): number | undefined {
    const raw = this.text(name);
    if (raw === undefined) return undefined;
    const value = Number(raw);
    if (raw.trim() !== '' && value >= 0 && value <= 1) return value;
    this.#mistakes.push(`--${name} must be a number from 0 to 1`);
    return undefined;
  }

  speed(name: string): SimSpeed | undefined {
    const raw = this.text(name);
    const speed = raw === undefined ? undefined : parseSpeed(raw);
    if (raw !== undefined && speed === undefined) {
      this.#mistakes.push(`--${name} must be a number above 0 or 'instant'`);
    }
    return speed;
  }

  /** The options, without those not given, or all mistakes. */
  finish<Options extends object>(options: Options): Result<Present<Options>, readonly string[]> {
    if (this.#mistakes.length > 0) return err(this.#mistakes);
    const given = Object.entries(options).filter(([, value]) => value !== undefined);
    return ok(Object.fromEntries(given) as Present<Options>);
  }
}

type Present<Options> = { [Name in keyof Options]?: Exclude<Options[Name], undefined> };
