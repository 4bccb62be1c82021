import type { AttemptOutcome, Endpoint, FailureKind, InferenceBackend, JsonObject } from '@spillway/core';
import type { SimSpeed } from '@spillway/engine-sim';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { dialectContract, misbehave } from './dialect-contract.ts';

/** A backend in front of a simulator that can be told to misbehave. */
export interface ContractSubject extends AsyncDisposable {
  readonly backend: InferenceBackend;
  /** The same adapter pointed at an address where nothing listens. */
  readonly unreachable: InferenceBackend;
  /** Root of the simulator, where `/_sim` is. */
  readonly simUrl: string;
  readonly model: string;
}

export interface Promised {
  /** What a connection that broke under a request means: an engine of our own may have died of it. */
  readonly broken: FailureKind;
  readonly served: readonly Endpoint[];
}

const PROMPT = 'Zebrafish swim upstream at seven in the morning.';
const body: JsonObject = { model: 'as-asked', messages: [{ role: 'user', content: PROMPT }], max_tokens: 24 };

/** What every adapter of `InferenceBackend` must do, whoever its vendor is. */
export function inferenceBackendContract(
  adapter: string,
  { broken, served }: Promised,
  open: (speed: SimSpeed) => Promise<ContractSubject>,
): void {
  describe(`dialects of the InferenceBackend: ${adapter}`, () => {
    dialectContract(served, () => open('instant'));
  });

  describe(`InferenceBackend contract: ${adapter}`, () => {
    let subject: ContractSubject;
    beforeEach(async () => {
      subject = await open(1);
    });
    afterEach(async () => {
      await subject[Symbol.asyncDispose]();
    });

    const run = (asked: JsonObject, signal = new AbortController().signal) =>
      subject.backend.run(
        { endpoint: '/v1/chat/completions', model: subject.model, body: asked },
        { signal },
      );
    const stats = async () =>
      (await (await fetch(`${subject.simUrl}/_sim/stats`)).json()) as Record<string, number>;

    test('a request is answered with a chat completion and what it used', async () => {
      const outcome = await run(body);
      expect(outcome).toMatchObject({
        kind: 'completed',
        statusCode: 200,
        body: { object: 'chat.completion', choices: [{ message: { role: 'assistant' } }] },
      });
      const { usage } = completed(outcome);
      expect(usage.inputTokens).toBeGreaterThan(0);
      expect(usage.outputTokens).toBeGreaterThan(0);
      expect(usage.outputTokens).toBeLessThanOrEqual(24);
    });

    test('the backend’s own name for the model is sent, not the client’s', async () => {
      expect(completed(await run(body)).body['model']).toBe(subject.model);
    });

    test('a request to stream is answered whole', async () => {
      const streaming = { ...body, stream: true, stream_options: { include_usage: true } };
      expect(await run(streaming)).toMatchObject({
        kind: 'completed',
        body: { object: 'chat.completion', usage: { prompt_tokens: expect.any(Number) as number } },
      });
    });

    test.each([
      ['error-500', 'backend-error'],
      ['unavailable-503', 'backend-overloaded'],
      ['broken-json', 'malformed-answer'],
      ['drop', broken],
      ['drop-mid-answer', broken],
    ])('%s is told as %s, without a second try', async (kind, reason) => {
      await misbehave(subject.simUrl, { kind });
      const outcome = await run(body);
      expect(outcome).toMatchObject({ kind: 'failed', reason: { kind: reason } });
      expect(JSON.stringify(outcome)).not.toContain('Zebrafish');
      expect((await stats())['faults_played']).toEqual({ [kind]: 1 });
    });

    test('a backend that is not there is unreachable, and unhealthy', async () => {
      const { signal } = new AbortController();
      const request = { endpoint: '/v1/chat/completions', model: subject.model, body } as const;
      expect(await subject.unreachable.run(request, { signal })).toMatchObject({
        kind: 'failed',
        reason: { kind: 'backend-unreachable' },
      });
      expect(await subject.unreachable.check({ signal })).toMatchObject({ kind: 'unhealthy' });
    });

    test('an attempt aborted before it began sends nothing', async () => {
      expect(await run(body, AbortSignal.abort())).toEqual({ kind: 'aborted' });
      expect((await stats())['admitted']).toBe(0);
    });

    test('aborting under way closes the connection, and the backend stops working on it', async () => {
      const abort = new AbortController();
      const outcome = run({ ...body, max_tokens: 4000, messages: LONG_ANSWER }, abort.signal);
      await vi.waitFor(async () => {
        expect((await stats())['running']).toBe(1);
      });
      abort.abort();
      expect(await outcome).toEqual({ kind: 'aborted' });
      await vi.waitFor(async () => {
        expect(await stats()).toMatchObject({ running: 0, aborted: 1, completed: 0 });
      });
    });

    test('a backend that hangs is left when the signal fires', async () => {
      await misbehave(subject.simUrl, { kind: 'hang' });
      expect(await run(body, AbortSignal.timeout(100))).toEqual({ kind: 'aborted' });
    });

    test('as many attempts run at once as are started', async () => {
      await misbehave(subject.simUrl, { kind: 'hang' });
      const abort = new AbortController();
      const outcomes = Promise.all(Array.from({ length: 64 }, () => run(body, abort.signal)));
      await vi.waitFor(async () => {
        expect((await stats())['faults_played']).toEqual({ hang: 64 });
      });
      abort.abort();
      expect(new Set((await outcomes).map((outcome) => outcome.kind))).toEqual(new Set(['aborted']));
    });

    test('a check names the models and says that they are simulated', async () => {
      const check = await subject.backend.check(new AbortController());
      expect(check).toMatchObject({ kind: 'healthy', simulated: true });
      expect(check.kind === 'healthy' && check.models).toContain(subject.model);
    });
  });
}

/** Asks the simulators for an answer long enough to be interrupted. */
const LONG_ANSWER = [{ role: 'user', content: `${PROMPT} ${'Tell me more. '.repeat(50)}` }];

function completed(outcome: AttemptOutcome): Extract<AttemptOutcome, { kind: 'completed' }> {
  if (outcome.kind !== 'completed') throw new Error(`not completed: ${JSON.stringify(outcome)}`);
  return outcome;
}
