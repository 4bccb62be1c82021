import type { OrderRule } from './order-rule.ts';

/** The tenant that was served the fewest tokens for its weight: virtual token counter, arXiv 2401.00588. */
export const fairShare: OrderRule = {
  name: 'fair-share',
  key: ({ virtualTokens }) => virtualTokens,
};
