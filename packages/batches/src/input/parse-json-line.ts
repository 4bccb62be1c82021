import { isUtf8 } from 'node:buffer';
import { err, isJsonObject, type JsonObject, ok, type Result } from '@spillway/core';
import { type LineMistake, mistake } from './line-mistake.ts';

/** The object that one line of a file is, or what is wrong with the line. */
export function parseJsonLine(bytes: Buffer): Result<JsonObject, LineMistake> {
  return isUtf8(bytes)
    ? parseJsonText(bytes.toString('utf8'))
    : invalid('is not valid UTF-8: save the file as UTF-8');
}

export function parseJsonText(text: string): Result<JsonObject, LineMistake> {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? ok(value) : invalid('is no JSON object: write one object on each line');
  } catch {
    return text.trim() === ''
      ? invalid('is blank: remove it')
      : invalid('is not valid JSON: write one JSON object on each line, without line breaks in it');
  }
}

const invalid = (what: string) => err(mistake('invalid_json_line', `The line ${what}.`));
