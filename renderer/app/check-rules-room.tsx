import { CheckRulesDialog, useCheckRules } from '../features/upkeep/index.ts';
import type { HostClient } from '../host/index.ts';

/** The rules of the checks before signing, for a lead and QA. */
export function CheckRulesRoom(props: { readonly host: Pick<HostClient, 'call'>; readonly onClose: () => void }) {
  return <CheckRulesDialog desk={useCheckRules(props.host)} onClose={props.onClose} />;
}
