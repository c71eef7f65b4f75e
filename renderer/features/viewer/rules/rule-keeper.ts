import type { StoreApi } from 'zustand/vanilla';
import type { HangingRuleSet, RecentStudy } from '../../../../shared/api/index.ts';
import type { HangingProtocol } from '../../../../shared/domain/hanging/index.ts';
import type { Result } from '../../../../shared/lib/result.ts';

export type RulesState = {
  readonly sets: readonly HangingRuleSet[];
  /** Why the rules of reader, site and group are not here; null when they are. */
  readonly words: string | null;
};

/** Rules that are kept at the host. The app makes it; each call answers in words where it failed. */
export type RuleKeeper = {
  readonly state: StoreApi<RulesState>;
  load(): Promise<void>;
  keep(set: HangingRuleSet, protocols: readonly HangingProtocol[]): Promise<Result<void, string>>;
  undo(set: HangingRuleSet): Promise<Result<void, string>>;
  recent(): Promise<Result<readonly RecentStudy[], string>>;
};
