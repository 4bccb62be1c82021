export interface Part {
  readonly name: string;
  readonly filename?: string;
  readonly type: string;
  readonly content: string | Uint8Array<ArrayBuffer> | Blob;
}

export interface EncodedMultipart {
  readonly contentType: string;
  readonly body: Blob;
}

/**
 * A multipart body (RFC 7578) that is the same bytes whenever the same parts are sent under the same key, so that a
 * platform may compare a repeated submission by its bytes. FormData draws a new boundary each time.
 */
export async function encodeMultipart(
  parts: readonly Part[],
  key: string | undefined,
): Promise<EncodedMultipart> {
  const boundary = `spillway-${key === undefined ? crypto.randomUUID() : await digest(key)}`;
  const body = new Blob([
    ...parts.flatMap((part) => [`--${boundary}\r\n${headOf(part)}\r\n\r\n`, part.content, '\r\n']),
    `--${boundary}--\r\n`,
  ]);
  return { contentType: `multipart/form-data; boundary=${boundary}`, body };
}

function headOf({ name, filename, type }: Part): string {
  const file = filename === undefined ? '' : `; filename="${escape(filename)}"`;
  return `Content-Disposition: form-data; name="${escape(name)}"${file}\r\nContent-Type: ${type}`;
}

/** As browsers do: https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data */
const escape = (value: string): string =>
  value.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

async function digest(key: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(key)));
  return [...bytes.subarray(0, 16)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
