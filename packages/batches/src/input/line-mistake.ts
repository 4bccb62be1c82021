import type { InputMistake } from '@spillway/core';

/** A mistake of one line; who reads the file knows which. `message` ends with what to do. */
export type LineMistake = Omit<InputMistake, 'line'>;

export const mistake = (code: string, message: string, param: string | null = null): LineMistake => ({
  code,
  message,
  param,
});

/** Something a client wrote, short enough for a message. */
export const quote = (text: string): string =>
  JSON.stringify(text.length > MOST_QUOTED ? `${text.slice(0, MOST_QUOTED)}…` : text);

const MOST_QUOTED = 64;
