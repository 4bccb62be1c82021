import { concurrency } from './concurrency.ts';
import { contextFit } from './context-fit.ts';
import { cooling } from './cooling.ts';
import { excludedAfterFailure } from './excluded-after-failure.ts';
import type { Filter } from './filter.ts';
import { health } from './health.ts';
import { kvHeadroom } from './kv-headroom.ts';
import { overflowClosed } from './overflow-closed.ts';
import { privacyPin } from './privacy-pin.ts';
import { servesEndpoint } from './serves-endpoint.ts';
import { servesModel } from './serves-model.ts';
import { strategy } from './strategy.ts';

/** In the order they are asked: what can never change first, what changes with every tick last. */
export const FILTERS: readonly Filter[] = [
  servesModel,
  servesEndpoint,
  strategy,
  privacyPin,
  contextFit,
  health,
  cooling,
  excludedAfterFailure,
  overflowClosed,
  concurrency,
  kvHeadroom,
];
