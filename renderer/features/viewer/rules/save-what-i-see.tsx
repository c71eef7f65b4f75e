import { useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { HangingRuleSet, RecentStudy } from '../../../../shared/api/index.ts';
import {
  type HangingProtocol,
  type HangingRule,
  ruleFromScreen,
  rulesFor,
  type Screen,
  type StudyDescription,
  withRule,
} from '../../../../shared/domain/hanging/index.ts';
import type { Result } from '../../../../shared/lib/result.ts';
import { shownDate } from '../../../case/index.ts';
import { Button, Dialog, Message, TextField } from '../../../ui/index.ts';
import { previewRule, previewSummary } from './preview.ts';
import type { RuleKeeper } from './rule-keeper.ts';

/** A name for a rule as its id: small letters, digits and hyphens. */
export function idOf(name: string): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  return plain === '' ? 'rule' : plain;
}

/** Makes a rule of the screen, shows what it would do to the latest studies, and keeps it when the reader says so. */
export function SaveWhatISee(props: {
  readonly keeper: RuleKeeper;
  readonly shipped: readonly HangingRule[];
  readonly study: StudyDescription;
  readonly screen: Screen;
  readonly suggestedName: string;
  readonly onKept: (words: string) => void;
  readonly onClose: () => void;
}) {
  const { keeper, study, screen, shipped } = props;
  const { sets, words: missing } = useStore(keeper.state);
  const [name, setName] = useState(props.suggestedName);
  const [procedureOnly, setProcedureOnly] = useState(false);
  const [ownerAt, setOwnerAt] = useState(0);
  const [recent, setRecent] = useState<Result<readonly RecentStudy[], string> | null>(null);
  const [attempt, setAttempt] = useState(0);
  const [failed, setFailed] = useState<string | null>(null);
  const [keeping, setKeeping] = useState(false);

  useEffect(() => {
    if (attempt < 0) return;
    let here = true;
    setRecent(null);
    void keeper.recent().then((answer) => here && setRecent(answer));
    return () => {
      here = false;
    };
  }, [keeper, attempt]);

  const mine = sets.filter((set) => set.mayChange);
  const set = mine[ownerAt];
  const code = study.procedure.find((one) => one.code !== '') ?? null;
  const rule = useMemo(
    () =>
      ruleFromScreen({
        id: idOf(name),
        name: name.trim() === '' ? 'Unnamed' : name.trim().slice(0, 64),
        study,
        screen,
        procedureCode: procedureOnly ? (code?.code ?? null) : null,
      }),
    [name, study, screen, procedureOnly, code],
  );
  const rows = useMemo(() => {
    if (recent?.ok !== true) return [];
    const level = set?.owner.kind ?? 'user';
    const others = [...rulesFor(sets.map(asSet), null), ...shipped];
    const all = previewRule({ level, protocol: rule }, others, recent.value);
    // What it would change stands first.
    return [...all.filter((row) => row.outcome === 'this'), ...all.filter((row) => row.outcome !== 'this')];
  }, [recent, rule, sets, set, shipped]);
  const replaced = set?.protocols.find((one) => one.id === rule.id) ?? null;
  const empty = !screen.boxes.some((box) => box?.prior === 0);

  async function keep(): Promise<void> {
    if (set === undefined) return;
    setKeeping(true);
    const kept = await keeper.keep(set, withRule(set.protocols, rule));
    setKeeping(false);
    if (kept.ok) props.onKept(`“${rule.hangingProtocolName}” is kept (${set.name}).`);
    else setFailed(kept.error);
  }

  return (
    <Dialog title="Save what I see" onClose={props.onClose} className="hanging-dialog">
      <form
        className="dialog-body"
        onSubmit={(event) => {
          event.preventDefault();
          void keep();
        }}
      >
        {empty ? (
          <Message tone="ask" title="No image of this study hangs.">
            A rule is made of what hangs of the study that is read. Close, hang it, and save again.
          </Message>
        ) : null}
        {missing === null ? null : (
          <Message
            tone="ask"
            title="Your rules are not here."
            action={<Button onClick={() => void keeper.load()}>Try again</Button>}
          >
            {missing}
          </Message>
        )}
        <TextField label="Name of the rule" value={name} onChange={setName} />
        <fieldset className="hanging-choice">
          <legend>It is for</legend>
          <label>
            <input
              type="radio"
              name="scope"
              autoComplete="off"
              checked={!procedureOnly}
              onChange={() => setProcedureOnly(false)}
            />{' '}
            {scopeWords(rule, study)}
          </label>
          {code === null ? null : (
            <label>
              <input
                type="radio"
                name="scope"
                autoComplete="off"
                checked={procedureOnly}
                onChange={() => setProcedureOnly(true)}
              />{' '}
              procedure {code.code}
              {code.meaning === '' ? '' : ` (${code.meaning})`} alone
            </label>
          )}
        </fieldset>
        <label className="hanging-owner">
          Kept as{' '}
          <select value={ownerAt} onChange={(event) => setOwnerAt(Number(event.target.value))}>
            {mine.map((one, at) => (
              <option key={JSON.stringify(one.owner)} value={at}>
                {one.name}
              </option>
            ))}
          </select>
        </label>
        {replaced === null ? null : (
          <p className="signal small">
            It takes the place of “{replaced.hangingProtocolName}” ({set?.name}); Undo brings that back.
          </p>
        )}
        <h3>The latest studies by it</h3>
        {recent === null ? (
          <p role="status">Asking for the latest studies…</p>
        ) : recent.ok ? (
          <>
            <p role="status">{previewSummary(rows)}</p>
            <ul className="hanging-preview" aria-label="Preview">
              {rows.map((row) => (
                <li key={row.study.taskId} className={row.outcome}>
                  <b>{row.study.exam}</b> {row.study.accession ?? 'no accession'}{' '}
                  {row.study.studyDate === null ? '' : shownDate(row.study.studyDate)}
                  <span>
                    {row.outcome === 'this' ? <b>this rule</b> : null} {row.words}
                  </span>
                </li>
              ))}
            </ul>
          </>
        ) : (
          <Message
            tone="ask"
            title="No preview."
            action={<Button onClick={() => setAttempt((count) => count + 1)}>Try again</Button>}
          >
            {recent.error} The rule can be kept all the same.
          </Message>
        )}
        {failed === null ? null : (
          <Message tone="ask" title="Not kept.">
            {failed}
          </Message>
        )}
        <div className="dialog-actions">
          <Button type="submit" kind="go" disabled={set === undefined || empty || keeping || name.trim() === ''}>
            Keep the rule
          </Button>
          <Button keys="Esc" kind="quiet" onClick={props.onClose}>
            Cancel
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

const asSet = ({ owner, protocols }: HangingRuleSet) => ({ owner, now: { protocols, by: '', at: 0 } });

function scopeWords(rule: HangingProtocol, study: StudyDescription): string {
  const [definition] = rule.hangingProtocolDefinition;
  const made = definition === undefined || definition.procedureCode.length > 0 ? null : definition;
  const modalities = made === null ? [] : [...made.modality, ...made.everyModality];
  const place = made === null || made.bodyPart.length === 0 ? '' : ` of ${made.bodyPart.join(', ')}`;
  return made === null
    ? `all studies like this one (${study.description || 'no description'})`
    : `every ${modalities.join(' and ')}${place}`;
}
