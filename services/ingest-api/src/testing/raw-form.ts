const BOUNDARY = 'b';

/** What to send a multipart body with. */
export const FORM_TYPE = `multipart/form-data; boundary=${BOUNDARY}`;

export const fieldPart = (name: string, value: string): string => part(`; name="${name}"`, value);
export const filePart = (name: string, filename: string, text: string): string =>
  part(`; name="${name}"; filename="${filename}"`, text);
/** With what its disposition says besides `form-data`, written out. */
export const part = (disposition: string, text: string, headers = ''): string =>
  `--${BOUNDARY}\r\nContent-Disposition: form-data${disposition}\r\n${headers}\r\n${text}\r\n`;

/** A whole body of these parts, in this order. */
export const rawForm = (...parts: readonly string[]): string => `${parts.join('')}--${BOUNDARY}--\r\n`;
