import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { CaseCritical as Known } from '../../../shared/api/index.ts';
import {
  type CriticalLevel,
  type CriticalOrigin,
  communicationLines,
  criticalDue,
  ladderOf,
  unsaidLines,
} from '../../../shared/domain/critical/index.ts';
import type { Site } from '../../../shared/domain/order/index.ts';
import type { Person } from '../../../shared/domain/question/index.ts';
import type { Reader } from '../../../shared/domain/reader/index.ts';
import type { TaskId } from '../../../shared/domain/reading/index.ts';
import type { ReportSection } from '../../../shared/domain/report/index.ts';
import { instant } from '../../../shared/lib/instant.ts';
import { type CaseStore, useAskedOfCase } from '../../case/index.ts';
import type { HostClient } from '../../host/index.ts';
import { Button, useCommands, useNow } from '../../ui/index.ts';
import type { ContactFormHandle } from './contact-form.tsx';
import type { CriticalOutbox, CriticalPress, PressedMove } from './critical-outbox.ts';
import { endedWords } from './critical-words.ts';
import { OpenCritical } from './open-critical.tsx';
import { StartForm } from './start-form.tsx';
import { useCriticalsOfOthers } from './use-criticals-of-others.ts';
import { withUnsent } from './with-unsent.ts';
import './critical.css';

type Starting = {
  readonly level: CriticalLevel;
  readonly words: string;
  readonly origin: Exclude<CriticalOrigin, 'wrong-patient'>;
  /** One form for each asking: another phrase opens it anew. */
  readonly turn: number;
};

/**
 * The critical results of the open case, above its report: one key begins one, whatever stops the report, and a second goes to the form of
 * the one that is due first. It works while nobody answers: what was pressed is kept on this machine and sent with its true time.
 */
export function CaseCritical(props: {
  readonly host: Pick<HostClient, 'call'>;
  readonly caseStore: Pick<CaseStore, 'onEvent' | 'onCommand' | 'signalOf'>;
  readonly outbox: CriticalOutbox;
  readonly epoch: number;
  readonly taskId: TaskId;
  /** Tasks of the other exams that the report is over: its Communication section tells of their critical results too. */
  readonly together: readonly string[];
  readonly reader: Pick<Reader, 'id' | 'name'>;
  readonly site: Site | null;
  readonly orderedBy: string | null;
  /** Sections of the newest version that went out as final; null while the report is still to be signed. */
  readonly signed: readonly ReportSection[] | null;
  /** The report's Communication section, each time that it says something else. */
  readonly onCommunication: (words: string) => void;
  readonly onAddendum: (words: string) => void;
}) {
  const { host, caseStore, outbox, epoch, taskId, site, orderedBy, onCommunication } = props;
  const { id, name } = props.reader;
  const me = useMemo((): Person => ({ id, name }), [id, name]);
  const zone = site?.zone ?? null;
  const [starting, setStarting] = useState<Starting | null>(null);
  const now = instant(useNow(1_000));
  const turn = useRef(0);
  const forms = useRef(new Map<string, ContactFormHandle>());
  const goTo = useRef<string | null>(null);
  const every = useStore(outbox.state);
  const unsent = useMemo(() => every.filter((one) => one.taskId === taskId), [every, taskId]);
  const waiting = unsent.length;

  const question = useCallback(
    (signal: AbortSignal) => host.call('caseCriticals', { params: { taskId }, signal }),
    [host, taskId],
  );
  // One that was sent says that there is something new to ask for.
  const { known, trouble, ask } = useAskedOfCase<Known>({ caseStore, epoch, question, stamp: waiting });

  const ladder = useMemo(() => known?.ladder ?? ladderOf({ orderedBy, site, contacts: [] }), [known, orderedBy, site]);
  const results = useMemo(() => withUnsent(known, unsent, me, ladder), [known, unsent, me, ladder]);
  const open = results.filter((one) => one.ending === null).sort((one, other) => criticalDue(one) - criticalDue(other));
  const ended = results.filter((one) => one.ending !== null);
  const others = useCriticalsOfOthers({ host, together: props.together, stamp: known, every, me, ladder });
  const lines = useMemo(
    () => communicationLines([...results, ...(others ?? [])], zone ?? 'UTC'),
    [results, others, zone],
  );
  // Before the host has told, nothing is known: the report keeps the section that its draft has.
  const communication = others === null || (known === null && results.length === 0) ? null : lines.join('\n');
  useEffect(() => {
    if (communication !== null) onCommunication(communication);
  }, [communication, onCommunication]);

  const begin = useCallback((level: CriticalLevel | null, words: string, origin: Starting['origin']): void => {
    turn.current += 1;
    const next = { level: level ?? 1, words, origin, turn: turn.current };
    // Words that she is typing stay: a second press of the key begins no other form.
    setStarting((before) => (before !== null && words === '' ? before : next));
  }, []);
  const first = open[0]?.id ?? null;
  const toForm = useCallback((of: string | null): void => {
    if (of !== null) forms.current.get(of)?.focus();
  }, []);
  useEffect(
    () =>
      caseStore.onCommand((command, of) => {
        if (of !== epoch) return;
        if (command.type === 'start-critical') begin(command.level, command.words, command.origin);
        if (command.type === 'show-criticals') toForm(first);
      }),
    [caseStore, epoch, begin, toForm, first],
  );
  useEffect(() => {
    if (goTo.current === null || !forms.current.has(goTo.current)) return;
    toForm(goTo.current);
    goTo.current = null;
  });
  useCommands([
    {
      id: 'case.call-now',
      title: 'Call now: start a critical result',
      group: 'Report',
      keys: 'F4',
      run: () => begin(null, '', 'key'),
    },
    {
      id: 'case.critical-contact',
      title: 'Critical result: record an attempt or a read-back',
      group: 'Report',
      keys: 'Shift+F4',
      run: () => toForm(first),
      enabled: () => first !== null,
    },
  ]);

  const send = async (press: CriticalPress): Promise<string | null> => {
    const sent = await outbox.send(taskId, press);
    if (sent.kind === 'refused' || sent.kind === 'not-kept') return sent.why;
    ask();
    return null;
  };
  const start = async (level: CriticalLevel, finding: string): Promise<string | null> => {
    const made = `critical-${crypto.randomUUID()}`;
    const origin = starting?.origin ?? 'key';
    const press = { id: made, level, finding, origin };
    const why = await send({ name: 'startCritical', resultId: made, start: press });
    if (why === null) {
      goTo.current = made;
      setStarting(null);
    }
    return why;
  };
  const move = (resultId: string) => (pressed: PressedMove) => send({ name: 'moveCritical', resultId, move: pressed });

  const unsaid = props.signed === null ? [] : unsaidLines(lines, props.signed);
  return (
    <section className="report-block critical-case" aria-label="Critical results">
      <div className="report-block-head">
        <h3>Critical results</h3>
        <span className="dim">
          {open.length === 0 ? (ended.length === 0 ? 'none' : 'none open') : `${open.length} open`}
        </span>
        <span className="grow" />
        <Button keys="F4" onClick={() => begin(null, '', 'key')}>
          Call now
        </Button>
      </div>
      {starting === null ? null : (
        <StartForm
          key={starting.turn}
          level={starting.level}
          words={starting.words}
          limits={known?.limits ?? null}
          onStart={start}
          onCancel={() => setStarting(null)}
        />
      )}
      {waiting === 0 ? null : (
        <ul className="critical-unsent" aria-label="Not sent yet">
          {unsent.map((one) => (
            <li key={one.id} className="signal">
              {one.press.name === 'startCritical'
                ? `Not sent yet: begun, “${one.press.start.finding}”.`
                : 'Not sent yet: what you recorded.'}{' '}
              {one.refused
                ? `Not taken: ${one.why}`
                : 'Kept on this machine with its time, and sent when the host answers. Phone on.'}
              {one.refused ? (
                <Button kind="quiet" onClick={() => void outbox.discard(one.id)}>
                  Take back
                </Button>
              ) : null}
            </li>
          ))}
        </ul>
      )}
      {trouble === null ? null : (
        <p className="report-line signal" role="status">
          What is known here may be older: {trouble}{' '}
          <Button kind="quiet" onClick={ask}>
            Ask again
          </Button>
        </p>
      )}
      {open.map((one) => (
        <OpenCritical
          key={one.id}
          result={one}
          me={me}
          colleagues={known?.colleagues ?? []}
          zone={zone}
          now={now}
          onMove={move(one.id)}
          onContact={() => toForm(one.id)}
          form={(handle) => {
            if (handle === null) forms.current.delete(one.id);
            else forms.current.set(one.id, handle);
          }}
        />
      ))}
      {ended.map((one) => (
        <p key={one.id} className="report-line dim">
          {one.finding} {endedWords(one, zone, now)}
        </p>
      ))}
      {unsaid.length === 0 ? null : (
        <p className="report-line">
          The signed report does not say {unsaid.length === 1 ? 'this' : 'all of this'} yet: it stands as it was signed.{' '}
          <Button onClick={() => props.onAddendum(unsaid.join('\n'))}>Propose an addendum</Button>
        </p>
      )}
    </section>
  );
}
