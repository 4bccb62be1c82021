/** Of the VTC artifact (OSDI 2024), computed from its raw results: service difference, and tokens a second. */
export interface PublishedFairness {
  readonly max: number;
  readonly average: number;
  readonly tokensPerSecond: number;
}

/** By policy. The artifact's engine was a real one. */
export const PUBLISHED: Readonly<Record<string, PublishedFairness>> = {
  fifo: { max: 759.97, average: 433.53, tokensPerSecond: 777 },
  lcf: { max: 750.49, average: 323.82, tokensPerSecond: 778 },
  vtc: { max: 368.4, average: 251.66, tokensPerSecond: 779 },
  'vtc-predict': { max: 365.47, average: 240.33, tokensPerSecond: 773 },
  'vtc-oracle': { max: 329.46, average: 227.51, tokensPerSecond: 781 },
  'rpm:5': { max: 143.86, average: 83.58, tokensPerSecond: 340 },
  'rpm:20': { max: 446.76, average: 195.71, tokensPerSecond: 694 },
  'rpm:30': { max: 693.66, average: 309.45, tokensPerSecond: 747 },
};
