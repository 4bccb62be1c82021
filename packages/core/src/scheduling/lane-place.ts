import type { ModelGroup } from './model-group.ts';
import type { LaneView } from './snapshot.ts';
import type { TenantAccount } from './tenant-account.ts';

/** A lane, and what it shares with others as a plan goes on. */
export interface LanePlace {
  readonly lane: LaneView;
  readonly group: ModelGroup;
  readonly account: TenantAccount;
}
