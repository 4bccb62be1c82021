import { decideOverflow } from './overflow.ts';
import type { BackendView, Snapshot } from './snapshot.ts';

/** What a plan knows of one model group; `depth` and `overflowing` change as the plan goes on. */
export interface ModelGroup {
  readonly models: readonly string[];
  /** The local backends that serve it. */
  readonly local: readonly BackendView[];
  /** Jobs of the group still waiting. */
  depth: number;
  overflowing: boolean;
}

export function openModelGroup(name: string, snapshot: Snapshot): ModelGroup {
  const models = snapshot.modelGroups.get(name) ?? [];
  const local = snapshot.backends.filter(
    (backend) => backend.location === 'local' && models.some((model) => backend.models.includes(model)),
  );
  return { models, local, depth: 0, overflowing: snapshot.overflowing.has(name) };
}

/** The groups that the next snapshot shall remember as overflowing. */
export function overflowingOf(
  groups: ReadonlyMap<string, ModelGroup>,
  { policy }: Snapshot,
): ReadonlySet<string> {
  return new Set(
    [...groups]
      .filter(([, group]) => decideOverflow(group.depth, group.overflowing, group.local, policy).overflowing)
      .map(([name]) => name),
  );
}
