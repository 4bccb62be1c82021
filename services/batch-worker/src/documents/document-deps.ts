import type { BatchWork } from '@spillway/redis';
import type { TurnDeps } from '../turns/turn.ts';

/** What the turns of a document batch work with. */
export type DocumentDeps = Pick<TurnDeps, 'work' | 'blobs' | 'config' | 'metrics' | 'extractor'>;

export type EndedStep = Awaited<ReturnType<BatchWork['ended']>>[number];
/** A step that ended, as far as the store holds it. */
export type StepResult = NonNullable<EndedStep['came']>['result'];
export type LineAdvance = Parameters<BatchWork['advance']>[2];
