import type { OrderRule } from './order-rule.ts';

/**
 * A pinned job has no alternative to the local backends, so it goes before those that have. A job past its ageing bound
 * goes with the pinned ones: however many of them come, it is served. To pin everything gains a tenant nothing over
 * others: it goes first only while the tenant has not had more than its share.
 */
export const pinnedFirst: OrderRule = {
  name: 'pinned',
  key: ({ lane, entitled, aged }) => Number(!((lane.pinned && entitled) || aged)),
};
