import { setTimeout as delay } from 'node:timers/promises';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { assertNever } from '@spillway/core';
import type { SimContext } from '../http/sim-context.ts';
import type { FaultRule } from './fault-rule.ts';

/** Nobody waits longer than this, even on a connection that is never closed. */
const LONGEST_HANG_MS = 15 * 60_000;

/** The faults that are an HTTP error in the words of one face. */
type ErrorFault = Exclude<
  FaultRule['kind'],
  'hang' | 'drop' | 'drop-mid-answer' | 'slow' | 'broken-json' | 'unhealthy'
>;
export type RenderError = (context: SimContext, kind: ErrorFault, rule: FaultRule) => Response;

export interface FaultScene {
  readonly streaming: boolean;
  readonly renderError: RenderError;
  readonly signal: AbortSignal;
}

/** Plays a fault; undefined means that the request is to be answered after all. */
export async function playFault(
  context: SimContext,
  rule: FaultRule | undefined,
  scene: FaultScene,
): Promise<Response | undefined> {
  if (rule === undefined) return undefined;
  const { kind } = rule;
  switch (kind) {
    case 'slow':
      await waitMs(rule.delay_ms, scene.signal);
      return undefined;
    case 'hang':
      await waitMs(LONGEST_HANG_MS, scene.signal);
      return dropConnection(context);
    case 'drop':
      return dropConnection(context);
    case 'drop-mid-answer':
      return dropMidAnswer(context, scene.streaming);
    case 'broken-json':
      return scene.streaming
        ? context.body(`data: ${BROKEN_JSON}\n\n`, 200, { 'content-type': 'text/event-stream' })
        : context.body(BROKEN_JSON, 200, { 'content-type': 'application/json' });
    case 'unhealthy':
      return undefined;
    case 'error-500':
    case 'unavailable-503':
    case 'rate-limit-429':
    case 'overloaded-529':
    case 'insufficient-quota':
    case 'unauthorized-401':
      return scene.renderError(context, kind, rule);
    default:
      return assertNever(kind);
  }
}

const BROKEN_JSON = '{"id":"simulated-broken","object":"chat.comple';

async function waitMs(length: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(length, undefined, { signal });
  } catch (error) {
    // the client has gone; whoever answers next finds that out by the same signal
    if (!signal.aborted) throw error;
  }
}

function dropConnection(context: SimContext): Response {
  context.env.incoming.socket.destroy();
  return RESPONSE_ALREADY_SENT;
}

function dropMidAnswer(context: SimContext, streaming: boolean): Response {
  const { incoming, outgoing } = context.env;
  const headers = {
    'x-simulated': 'true',
    'content-type': streaming ? 'text/event-stream' : 'application/json',
  };
  outgoing.writeHead(200, streaming ? headers : { ...headers, 'content-length': '4096' });
  outgoing.write(streaming ? ': simulated\n\n' : BROKEN_JSON, () => incoming.socket.destroy());
  return RESPONSE_ALREADY_SENT;
}
