import { useState } from 'react';
import type { CheckRulesView } from '../../../shared/api/index.ts';
import type { CheckWeights } from '../../../shared/domain/checks/index.ts';
import { AskedTrouble, Button, Dialog, type FigureHead, FigureTable } from '../../ui/index.ts';
import './check-rules.css';
import { timeInZone } from './device-words.ts';
import type { CheckRulesDesk } from './use-check-rules.ts';

type Rule = CheckRulesView['rules'][number];
type Weight = 'shipped' | 'tell' | 'off';

const heads: readonly FigureHead[] = [
  'Rule',
  { words: 'Fired', as: 'number' },
  { words: 'Overridden', as: 'number' },
  'Why it was overridden',
  'In this group',
];

const shippedWords = { stop: 'stops', ask: 'asks', tell: 'tells' } as const;

/** Each rule that looks at a report before it is signed: how often it fired, how often and why it was overridden, and what the group makes of it. */
export function CheckRulesDialog({ desk, onClose }: { readonly desk: CheckRulesDesk; readonly onClose: () => void }) {
  const { view, trouble } = desk;
  return (
    <Dialog title="Checks before signing" className="check-rules" onClose={onClose}>
      <div className="dialog-body check-rules-body">
        <AskedTrouble trouble={trouble} ask={desk.ask} />
        {view === null ? (
          <>
            <p className="mute">{trouble === null ? 'Asking the host…' : 'Nothing is known of the rules here.'}</p>
            <div className="dialog-actions">
              <Button keys="Esc" onClick={onClose}>
                Close
              </Button>
            </div>
          </>
        ) : (
          <Rules key={view.version} view={view} keep={desk.keep} onClose={onClose} />
        )}
      </div>
    </Dialog>
  );
}

function Rules(props: {
  readonly view: CheckRulesView;
  readonly keep: (weights: CheckWeights) => Promise<string | null>;
  readonly onClose: () => void;
}) {
  const { view } = props;
  const [weights, setWeights] = useState<CheckWeights>(view.weights);
  const [said, setSaid] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const changed = view.rules.filter(({ id }) => weights[id] !== view.weights[id]).length;
  const choose = (rule: Rule, weight: Weight): void => {
    setSaid(null);
    setWeights(({ [rule.id]: _before, ...others }) =>
      weight === 'shipped' ? others : { ...others, [rule.id]: weight },
    );
  };
  const keep = async (): Promise<void> => {
    setBusy(true);
    const why = await props.keep(weights);
    setBusy(false);
    setSaid(why ?? 'Kept. The next signature goes by it, on every host.');
  };
  return (
    <>
      <p className="dim check-rules-head">
        {view.counted
          ? view.signatures === 0
            ? `No rule had anything to say of a signature in the last ${view.days} days.`
            : `${view.signatures} ${view.signatures === 1 ? 'signature' : 'signatures'} of the last ${view.days} days had something to be told or asked. Each rule counts once a signature.`
          : 'The record does not answer, so nothing is counted now. The rules themselves are as below.'}
      </p>
      <FigureTable className="check-rules-table" label="Rules" heads={heads}>
        {view.rules.map((rule) => (
          <RuleRow
            key={rule.id}
            rule={rule}
            counted={view.counted}
            weight={weights[rule.id] ?? 'shipped'}
            mayChange={view.mayChange}
            onChoose={(weight) => choose(rule, weight)}
          />
        ))}
      </FigureTable>
      <p className="mute small">
        {view.kept === 'file'
          ? 'This host takes them from the file checks.json in its data folder; they are changed there.'
          : view.changed === null
            ? 'Every rule is as it ships. What stops a signature cannot be turned down.'
            : `Last changed by ${view.changed.by}, ${timeInZone(view.changed.at, new Intl.DateTimeFormat().resolvedOptions().timeZone)}. What stops a signature cannot be turned down.`}
      </p>
      <div className="dialog-actions">
        {said === null ? null : (
          <span className="dim" role="status">
            {said}
          </span>
        )}
        {view.mayChange ? (
          <>
            <Button kind="quiet" disabled={changed === 0 || busy} onClick={() => setWeights(view.weights)}>
              Undo
            </Button>
            <Button kind="go" disabled={changed === 0 || busy} onClick={() => void keep()}>
              {changed === 0 ? 'Keep' : `Keep ${changed} ${changed === 1 ? 'change' : 'changes'}`}
            </Button>
          </>
        ) : null}
        <Button keys="Esc" onClick={props.onClose}>
          Close
        </Button>
      </div>
    </>
  );
}

function RuleRow(props: {
  readonly rule: Rule;
  readonly counted: boolean;
  readonly weight: Weight;
  readonly mayChange: boolean;
  readonly onChoose: (weight: Weight) => void;
}) {
  const { rule, counted, weight } = props;
  const shipped = shippedWords[rule.shipped];
  const choices: readonly (readonly [Weight, string])[] = [
    ['shipped', `${shipped} (as shipped)`],
    ...(rule.shipped === 'ask' ? ([['tell', 'tells only']] as const) : []),
    ['off', 'off'],
  ];
  const now = choices.find(([value]) => value === weight)?.[1] ?? shipped;
  return (
    <tr className={weight === 'off' ? 'mute' : ''}>
      <th scope="row">
        {rule.title}
        <small>{rule.why}</small>
      </th>
      <td className="number">{counted ? rule.fired : ''}</td>
      <td className="number">
        {counted ? rule.overridden : ''}
        {counted && rule.fired > 0 && rule.shipped === 'ask' ? (
          <small>{Math.round((100 * rule.overridden) / rule.fired)} %</small>
        ) : null}
      </td>
      <td>
        {rule.reasons.map(({ words, count }) => (
          <small key={words}>
            {count} × {words}
          </small>
        ))}
      </td>
      <td>
        {rule.shipped === 'stop' || !props.mayChange ? (
          <span className="dim">{rule.shipped === 'stop' ? 'stops, always' : now}</span>
        ) : (
          <select
            aria-label={`In this group: ${rule.title}`}
            autoComplete="off"
            value={weight}
            onChange={(event) => props.onChoose(event.target.value as Weight)}
          >
            {choices.map(([value, words]) => (
              <option key={value} value={value}>
                {words}
              </option>
            ))}
          </select>
        )}
      </td>
    </tr>
  );
}
