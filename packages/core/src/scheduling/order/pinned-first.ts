import type { OrderRule } from './order-rule.ts';

/** A pinned job has no alternative to the local backends, so it goes before those that have. */
export const pinnedFirst: OrderRule = {
  name: 'pinned',
  compare: (a, b) => Number(b.lane.pinned) - Number(a.lane.pinned),
};
