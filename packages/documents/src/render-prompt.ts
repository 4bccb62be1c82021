import { err, ok, type Result } from '@spillway/core';

export interface PromptValues {
  readonly document: string;
  readonly filename: string;
}

export interface UnknownPlaceholder {
  readonly placeholder: string;
  /** For whoever wrote the template. */
  readonly detail: string;
}

/**
 * Puts a document and its name where a template says `{{document}}` and `{{filename}}`, in one pass: braces that came in
 * through a document stay text. Braces around anything but a name are no placeholder.
 */
export function renderPrompt(template: string, values: PromptValues): Result<string, UnknownPlaceholder> {
  let unknown: string | undefined;
  const prompt = template.replaceAll(PLACEHOLDER, (_whole, name: string) => {
    if (name === 'document' || name === 'filename') return values[name];
    unknown ??= name;
    return '';
  });
  if (unknown === undefined) return ok(prompt);
  const detail = `unknown placeholder {{${unknown}}}; there are {{document}} and {{filename}}`;
  return err({ placeholder: unknown, detail });
}

const PLACEHOLDER = /\{\{[ \t]{0,8}([A-Za-z_][\w.-]{0,63})[ \t]{0,8}\}\}/gu;
