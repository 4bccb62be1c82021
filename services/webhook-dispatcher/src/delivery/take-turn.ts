import { decideDelivery, type DeliveryDecision, type DeliverySchedule, type EpochMs } from '@spillway/core';
import type { DeliveryHint } from '@spillway/contracts';
import type { DeliveryAfter, DeliveryStore, DeliveryTurn } from '@spillway/redis';
import type { Logger } from '@spillway/service-kit';
import { signWebhook } from '@spillway/webhook-signing';
import type { DispatcherMetrics } from '../metrics.ts';
import { describeAnswer } from './describe-answer.ts';
import { rideOut } from './ride-out.ts';
import type { TakePlace } from './share-receivers.ts';
import type { WebhookClient } from './webhook-client.ts';

export interface TakeTurnDeps {
  readonly deliveries: Pick<DeliveryStore, 'read' | 'recordAttempt'>;
  readonly client: Pick<WebhookClient, 'post'>;
  /** Takes a place at the receiver, if there is one. */
  readonly takePlace: TakePlace;
  /** Signs where the target brings no secret of its own. */
  readonly platformSecret: string;
  readonly schedule: DeliverySchedule;
  readonly nowMs: () => EpochMs;
  /** Measures lengths: a wall clock may be set in between. */
  readonly monotonicMs: () => number;
  /** A number in [0, 1). */
  readonly random: () => number;
  readonly logger: Logger;
  readonly metrics: DispatcherMetrics;
}

/**
 * Makes one attempt of a delivery and says what follows. A delivery that has ended, or is gone, is left alone, so a
 * hint that comes twice sends nothing twice.
 */
export function createTakeTurn(deps: TakeTurnDeps) {
  return async ({ event: id }: DeliveryHint, cut: AbortSignal): Promise<DeliveryTurn> => {
    const record = await rideOut(() => deps.deliveries.read(id), cut);
    if (!record) {
      deps.logger.warn({ event: 'delivery.gone', eventId: id });
      return { kind: 'done' };
    }
    if (record.state !== 'pending') return { kind: 'done' };

    const { event, target } = record;
    const host = URL.parse(target.url)?.host ?? '';
    using place = deps.takePlace(host);
    // not an attempt: the receiver has not heard of it
    if (place.kind === 'busy') return { kind: 'again', delayMs: place.waitMs * (1 + deps.random()) };
    const attempt = record.attempts.length + 1;
    const atMs = deps.nowMs();
    const startedMs = deps.monotonicMs();
    const body = JSON.stringify(event);
    const headers = signWebhook({
      id,
      timestampSeconds: Math.floor(atMs / 1000),
      body,
      secrets: [target.secret ?? deps.platformSecret],
    });
    const answer = await deps.client.post({ url: target.url, body, headers: { ...headers } }, cut);
    // not an attempt: whoever takes over makes it
    if (answer.kind === 'cut-off') return { kind: 'again', delayMs: CUT_OFF_DELAY_MS };

    const durationMs = Math.round(deps.monotonicMs() - startedMs);
    const decision = decideDelivery(answer, attempt, deps.schedule, FROM_NOW_MS, deps.random());
    const status = answer.kind === 'answered' ? answer.status : undefined;
    const detail = describeAnswer(answer);
    const made = { atMs, durationMs, status, detail };
    await rideOut(() => deps.deliveries.recordAttempt(id, made, toAfter(decision)), cut);
    deps.logger.info({
      event: 'delivery.attempted',
      eventId: id,
      type: event.type,
      host,
      status,
      durationMs,
      attempt,
      outcome: decision.kind,
      detail,
    });
    deps.metrics.attempted(decision.kind, durationMs);
    return decision.kind === 'again'
      ? { kind: 'again', delayMs: decision.attemptAtMs - FROM_NOW_MS }
      : { kind: 'done' };
  };
}

const toAfter = (decision: DeliveryDecision): DeliveryAfter =>
  decision.kind === 'again'
    ? { state: 'pending', delayMs: decision.attemptAtMs - FROM_NOW_MS }
    : { state: decision.kind };

/** Decisions count from here, so that an instant is a length: this process' clock may be wrong. */
const FROM_NOW_MS: EpochMs = 0;

/** Long enough for the process that is ending to be gone, and short beside any schedule. */
const CUT_OFF_DELAY_MS = 1000;
