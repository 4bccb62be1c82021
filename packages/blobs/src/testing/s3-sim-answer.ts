/** One request as the simulation sees it. */
export interface SimRequest {
  readonly method: string;
  /** The object's name, decoded; empty for requests to the bucket. */
  readonly name: string;
  readonly query: URLSearchParams;
  readonly header: (name: string) => string | undefined;
  readonly body: Buffer;
}

export interface SimAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

/** How S3 refuses. */
export const refusal = (status: number, code: string): SimAnswer => ({
  status,
  headers: XML,
  body: `${PROLOGUE}<Error><Code>${code}</Code><Message>refused by the simulation</Message></Error>`,
});

export const xml = (root: string, inner: string): SimAnswer => ({
  status: 200,
  headers: XML,
  body: `${PROLOGUE}<${root} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${inner}</${root}>`,
});

export const element = (name: string, value: string | number | boolean): string =>
  `<${name}>${String(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')}</${name}>`;

/** The texts of every element of a name, in order. */
export const textsOf = (document: string, name: string): string[] =>
  [...document.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, text = '']) =>
    text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'),
  );

const XML = { 'content-type': 'application/xml' };
const PROLOGUE = '<?xml version="1.0" encoding="UTF-8"?>\n';
