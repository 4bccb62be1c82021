/** What is to happen when, earliest first; of the same instant, what was put in first. */
export class EventQueue<Event> {
  readonly #times: number[] = [];
  readonly #orders: number[] = [];
  readonly #events: Event[] = [];
  #count = 0;

  get length(): number {
    return this.#events.length;
  }

  /** Infinity when there is nothing. */
  get nextAtMs(): number {
    return this.#times[0] ?? Number.POSITIVE_INFINITY;
  }

  push(atMs: number, event: Event): void {
    const [times, orders, events] = [this.#times, this.#orders, this.#events];
    const order = this.#count;
    this.#count += 1;
    let index = events.length;
    events.push(event);
    times.push(atMs);
    orders.push(order);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      // A new event is the last of its instant: it rises only above later ones.
      if ((times[parent] as number) <= atMs) break;
      times[index] = times[parent] as number;
      orders[index] = orders[parent] as number;
      events[index] = events[parent] as Event;
      index = parent;
    }
    times[index] = atMs;
    orders[index] = order;
    events[index] = event;
  }

  /** Takes the earliest out; call it only when there is one. */
  pop(): Event {
    const [times, orders, events] = [this.#times, this.#orders, this.#events];
    const first = events[0];
    const event = events.pop();
    const atMs = times.pop();
    const order = orders.pop();
    if (first === undefined || event === undefined || atMs === undefined || order === undefined)
      throw new Error('there is no event');
    const { length } = events;
    if (length === 0) return first;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= length) break;
      if (child + 1 < length && isBefore(times, orders, child + 1, child)) child += 1;
      const childAtMs = times[child] as number;
      if (childAtMs > atMs || (childAtMs === atMs && (orders[child] as number) > order)) break;
      times[index] = childAtMs;
      orders[index] = orders[child] as number;
      events[index] = events[child] as Event;
      index = child;
    }
    times[index] = atMs;
    orders[index] = order;
    events[index] = event;
    return first;
  }
}

function isBefore(times: readonly number[], orders: readonly number[], one: number, other: number): boolean {
  const [a, b] = [times[one] as number, times[other] as number];
  return a < b || (a === b && (orders[one] as number) < (orders[other] as number));
}
