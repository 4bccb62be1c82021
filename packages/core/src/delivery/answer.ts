/** How one attempt of a delivery ended. */
export type DeliveryAnswer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** What the receiver's Retry-After asks for, from now on. */
      readonly retryAfterMs: number | undefined;
    }
  | { readonly kind: 'timed-out' }
  /** No answer came: the name did not resolve, nobody listens, TLS failed. `code` names it for operators. */
  | { readonly kind: 'unreachable'; readonly code: string }
  /** We did not send: the URL or the address behind it is not one to deliver to. */
  | { readonly kind: 'refused'; readonly because: DeliveryRefusal };

export type DeliveryRefusal = 'malformed-url' | 'protocol' | 'credentials' | 'port' | 'address';
