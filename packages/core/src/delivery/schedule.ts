/** How long to wait before each attempt of a delivery, in ms; the first waits for nothing. Its length bounds the attempts. */
export type DeliverySchedule = readonly [firstMs: 0, ...laterMs: number[]];

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Ten attempts over a little more than three days: a receiver that is down over a weekend still hears of it. */
export const DELIVERY_SCHEDULE: DeliverySchedule = [
  0,
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];
