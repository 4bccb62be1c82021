import { assertNever, type DeliveryAnswer, type DeliveryRefusal } from '@spillway/core';

/** An attempt's end in a few words for its record: never a header, the receiver's words or the URL. */
export function describeAnswer(answer: DeliveryAnswer): string {
  switch (answer.kind) {
    case 'answered':
      return `HTTP ${answer.status}${noteOn(answer.status)}`;
    case 'timed-out':
      return 'no answer in time';
    case 'unreachable':
      return `no connection: ${answer.code}`;
    case 'refused':
      return `refused: ${REFUSALS[answer.because]}`;
    default:
      return assertNever(answer);
  }
}

function noteOn(status: number): string {
  if (status >= 300 && status < 400) return ', redirects are not followed';
  return status === 410 ? ', the endpoint is gone' : '';
}

const REFUSALS = {
  'malformed-url': 'not a URL',
  protocol: 'neither http nor https',
  credentials: 'credentials in the URL',
  port: 'port not allowed',
  address: 'address not allowed',
} as const satisfies Record<DeliveryRefusal, string>;
