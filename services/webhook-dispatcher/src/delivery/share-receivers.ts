/** A place at one receiver, given back when it is disposed; or how long to stay away while it has its share. */
type Place = Disposable & ({ readonly kind: 'taken' } | { readonly kind: 'busy'; readonly waitMs: number });

export type TakePlace = (host: string) => Place;

interface Receiver {
  readonly inFlight: number;
  /** Turned away since a place was last free: about as many as wait. */
  readonly turnedAway: number;
}

/** A receiver that answers in milliseconds has places again by then. */
const SHORTEST_WAIT_MS = 250;
/** However many wait, each looks again this often: a receiver that has recovered is not left waiting itself. */
const LONGEST_WAIT_MS = 30_000;

/**
 * Keeps one slow receiver from holding every delivery up: of the attempts in flight at most `mostPerHost` go to the
 * same host and port. The others stay away the longer the more of them there are, so that a long queue for one
 * receiver is not all the dispatcher looks at.
 */
export function shareReceivers(mostPerHost: number): TakePlace {
  const receivers = new Map<string, Receiver>();
  const free = (host: string): void => {
    const { inFlight, turnedAway } = receivers.get(host) ?? { inFlight: 1, turnedAway: 0 };
    if (inFlight <= 1) receivers.delete(host);
    else receivers.set(host, { inFlight: inFlight - 1, turnedAway: Math.max(0, turnedAway - 1) });
  };
  return (host) => {
    const { inFlight, turnedAway } = receivers.get(host) ?? { inFlight: 0, turnedAway: 0 };
    if (inFlight < mostPerHost) {
      receivers.set(host, { inFlight: inFlight + 1, turnedAway });
      return { kind: 'taken', [Symbol.dispose]: () => free(host) };
    }
    receivers.set(host, { inFlight, turnedAway: turnedAway + 1 });
    const rounds = 1 + turnedAway / mostPerHost;
    const waitMs = Math.min(LONGEST_WAIT_MS, Math.round(SHORTEST_WAIT_MS * rounds));
    return { kind: 'busy', waitMs, [Symbol.dispose]: () => undefined };
  };
}
