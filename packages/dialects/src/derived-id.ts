/** An id of another dialect for the same answer: `chatcmpl-12ab` as a message is `msg_12ab`. */
export const derivedId = (prefix: 'msg' | 'resp' | 'fc', id: string): string =>
  `${prefix}_${id.replace(/^[a-z]+[-_]/, '').replaceAll(/[^a-zA-Z0-9]/g, '')}`;
