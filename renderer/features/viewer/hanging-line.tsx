import type { ViewerLayout } from '../../case/index.ts';
import { type Command, KeyPlate } from '../../ui/index.ts';
import type { HangingNow } from './use-hanging.ts';
import { allLayouts } from './viewer-commands.ts';

/** Which rule hung what is on screen, why, at which stage, and what else can be done: one line above the images. */
export function HangingLine(props: {
  readonly now: HangingNow;
  readonly layout: ViewerLayout;
  readonly commands: readonly Command[];
  readonly onLayout: (layout: ViewerLayout) => void;
  readonly children?: React.ReactNode;
}) {
  const { now, layout, commands } = props;
  const { hanging, stage } = now;
  const command = (id: string): Command | undefined => commands.find((one) => one.id === id);
  const button = (id: string, label: string, enabled: boolean) => {
    const found = command(id);
    return found === undefined ? null : (
      <button
        type="button"
        className="tool"
        disabled={!enabled}
        title={found.keys === null ? found.title : `${found.title} (${found.keys})`}
        onClick={found.run}
      >
        {label}
        {found.keys === null ? null : (
          <span aria-hidden="true">
            <KeyPlate keys={found.keys} />
          </span>
        )}
      </button>
    );
  };
  const stages = hanging?.stages ?? [];
  return (
    <section className="hanging-line" aria-label="Hanging">
      <span className="hanging-words" role="status" title={whyWords(now)}>
        {words(now)}
      </span>
      {stages.length < 2 ? null : (
        <>
          {button('images.previous-stage', '‹ Stage', stage > 0)}
          {button('images.next-stage', 'Stage ›', stage < stages.length - 1)}
        </>
      )}
      {now.byHand && stages.length > 0 ? button('images.hang-again', 'Hang again', true) : null}
      {props.children}
      {button('images.save-hanging', 'Save what I see', stages.length > 0)}
      {button('images.hanging-rules', 'Rules', true)}
      <label className="hanging-layout">
        Layout
        <select value={layout} onChange={(event) => props.onLayout(event.target.value as ViewerLayout)}>
          {allLayouts.map((name) => (
            <option key={name} value={name}>
              {name.replace('x', '×')}
            </option>
          ))}
        </select>
      </label>
    </section>
  );
}

function words(now: HangingNow) {
  const { hanging, stage } = now;
  if (hanging === null) return 'Looking for a rule to hang by.';
  const { rule } = hanging;
  if (hanging.stages.length === 0) return hanging.because;
  const shown = hanging.stages[stage];
  const count = hanging.stages.length;
  if (now.byHand)
    return now.waits ? (
      <b>Changed by you; more has come since. Nothing is hung over it.</b>
    ) : (
      <>Changed by you. {rule === null ? 'No rule fits.' : `The rule is ${rule.protocol.hangingProtocolName}.`}</>
    );
  if (rule === null) return <b className="hanging-none">{hanging.because}</b>;
  return (
    <>
      <b>{rule.protocol.hangingProtocolName}</b>
      {rule.level === 'shipped' ? '' : `, ${ruleOwner[rule.level]}`} · {shown?.name}
      {count > 1 ? ` (${stage + 1} of ${count})` : ''} <span className="hanging-why">by {hanging.because}</span>
    </>
  );
}

const ruleOwner = { user: 'yours', site: 'your site’s', group: 'your group’s', shipped: '' } as const;

/** The whole reason, for the tooltip: what it was found by, and which rules could not hang this. */
function whyWords({ hanging }: HangingNow): string {
  if (hanging === null) return '';
  const passed = hanging.passedOver.map((one) => `Passed over: ${one.name}: ${one.why}.`);
  return [hanging.rule === null ? hanging.because : `Chosen by ${hanging.because}.`, ...passed].join(' ');
}
