import type { SchemaMistakes } from '../../answers/schema-mistakes.ts';
import type { EngineLoop } from '../../engine/engine-loop.ts';
import type { PowerModel } from '../../engine/power.ts';
import type { DigestLog } from '../../faults/digest-log.ts';
import type { FaultBook } from '../../faults/fault-book.ts';
import type { Journal } from '../../faults/journal.ts';

/** What the routes of the simulated engine share. */
export interface EngineDeps {
  readonly loop: EngineLoop;
  readonly power: PowerModel;
  readonly faults: FaultBook;
  readonly digests: DigestLog;
  readonly journal: Journal;
  readonly modelName: string;
  /** Prompt and answer together, in tokens; never more than the KV cache holds. */
  readonly maxModelLen: number;
  readonly prefixCaching: boolean;
  readonly seed: number;
  readonly mistakes: SchemaMistakes;
  /** Without it, `response_format` is refused. */
  readonly guidedDecoding: boolean;
  readonly apiKey: string | undefined;
  readonly startedAtSeconds: number;
}
