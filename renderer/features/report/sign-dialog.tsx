import { type FormEvent, type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { CaseDetail, LinkedExams } from '../../../shared/api/index.ts';
import type { CheckPlace, CheckWeights, OtherPatient } from '../../../shared/domain/checks/index.ts';
import {
  type Agreement,
  type Draft,
  type KeyPicture,
  overreadOf,
  type ReportVersion,
  type WrittenKind,
} from '../../../shared/domain/report/index.ts';
import type { ReadingEvent } from '../../../shared/domain/turnaround/index.ts';
import type { CoverageHolder } from '../../case/index.ts';
import type { HostClient } from '../../host/index.ts';
import { Button, Dialog, KeyPlate, TextField } from '../../ui/index.ts';
import { answerOfKey, ChecksAtSigning } from './checks-at-signing.tsx';
import { checkFacts } from './checks-facts.ts';
import type { ImagesNow, IssueRefusal, Rival } from './may-issue.ts';
import { createSignPress, identityRows, type SignAnswer, shownTuple, signInput } from './sign-command.ts';
import './sign-dialog.css';
import type { GivenWords } from './given-words.ts';
import { type ImagesOfOthers, imagesLines } from './images-at-signing.ts';
import { imagesSeen } from './images-seen.ts';
import { agreementOfKey, OverreadChoice } from './overread-choice.tsx';
import { ImagesLine, MammogramStops, NeverOpened } from './sign-images.tsx';
import { NotHeardWell, type Phase, PhaseWords, Refused, RivalThere } from './sign-notices.tsx';
import { Changes, CoverLine, ExamsCovered, FirstRead, IdentityTable, SignHead } from './sign-parts.tsx';
import { type CheckAnswers, findingsAtSigning, outcomesOf } from './use-checks.ts';

export type SignDialogProps = {
  readonly kind: WrittenKind;
  /** It is given to somebody who may sign it; nothing is released. */
  readonly give: boolean;
  /** Why she may not issue this kind, and what she may instead; the host decides again at Sign. */
  readonly refusal: IssueRefusal | null;
  readonly onOther: (kind: 'preliminary' | 'final') => void;
  /** Somebody else's final of this order: the signature would be given back. It may be given all the same. */
  readonly rival: Rival;
  /** The images as they were at the press; null where nobody has told. */
  readonly images: ImagesNow;
  readonly imagesOfOthers: ImagesOfOthers;
  /** What of the case stood on the screen. */
  readonly coverage: CoverageHolder['state'];
  /** Back to the images, at what was never opened or the next part of a mammogram never shown. */
  readonly onImages: (wanted: 'hang-unopened' | 'next-view-part') => void;
  /** Back to the report, to the site's words beside hers. */
  readonly onCompare: () => void;
  readonly detail: CaseDetail;
  /** The words as they stand; they cannot change under the dialog but for the reason. */
  readonly draft: Draft;
  /** The version that this one follows; null for the first. */
  readonly before: ReportVersion | null;
  /** Another reader's words over which she signs; null where they are her own. */
  readonly given: GivenWords | null;
  readonly comparisons: readonly string[];
  /** The exams that go with this one, as the host last told. */
  readonly linked: LinkedExams | null;
  /** Patients whose exams were opened in this window, without this one. */
  readonly others: readonly OtherPatient[];
  /** The exam's timeline; null while it is not known. */
  readonly events: readonly Pick<ReadingEvent, 'type'>[] | null;
  /** What the group has turned the rules down to. */
  readonly weights: CheckWeights;
  readonly answers: CheckAnswers;
  /** Back to the report, with the caret over the words that a check is about. */
  readonly onWords: (at: CheckPlace) => void;
  /** Back to the report, to the form of a critical result with the words that ask for one. */
  readonly onCritical: (at: CheckPlace | null) => void;
  readonly passwordNeeded: boolean;
  readonly userName: string;
  /** Dictated words that were not heard well and not touched since. */
  readonly doubtful: readonly string[];
  readonly zone: string;
  readonly host: Pick<HostClient, 'call'>;
  readonly onReason: (reason: string) => void;
  /** Sends the last words to both places; false where that failed and signing must wait. */
  readonly flush: () => Promise<boolean>;
  /** Pictures of a draft's key images, for the PDF. */
  readonly keyPictures: (draft: Draft) => Promise<readonly KeyPicture[]>;
  /** The words as they are after the flush. */
  readonly currentDraft: () => Draft;
  readonly onSigned: (answer: SignAnswer) => void;
  /** Back to the report; `unknown` when nobody knows yet whether it was signed. */
  readonly onBack: (standing: 'not-signed' | 'unknown') => void;
};

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The only modal over images: who, what, and what the signature covers, before one deliberate press. */
export function SignDialog(props: SignDialogProps) {
  const { kind, give, detail, draft, before, refusal } = props;
  const [password, setPassword] = useState('');
  const [passwordNeeded, setPasswordNeeded] = useState(props.passwordNeeded);
  const [phase, setPhase] = useState<Phase>({ kind: 'asking' });
  const press = useRef<ReturnType<typeof createSignPress> | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const alive = useRef(true);
  useEffect(() => {
    alive.current = true;
    return () => {
      alive.current = false;
    };
  }, []);
  const later = kind === 'addendum' || kind === 'correction';
  const shown = useMemo(() => shownTuple(detail), [detail]);
  const busy = phase.kind === 'signing';
  const shownImages = useStore(props.coverage);
  const seen = useMemo(() => imagesSeen(kind, shownImages, draft, detail), [kind, shownImages, draft, detail]);
  const { comparisons, others, events, weights, answers } = props;
  const checks = useMemo(
    () =>
      findingsAtSigning(
        checkFacts({ kind, draft, detail, comparisons, coverage: shownImages, others, events }),
        weights,
      ),
    [kind, draft, detail, comparisons, shownImages, others, events, weights],
  );
  const stopped = checks.find(({ finding }) => finding.severity === 'stop')?.finding.words ?? null;
  const unanswered = checks.filter(
    ({ key, finding }) => finding.severity === 'ask' && !answers.answers.has(key),
  ).length;
  const against = refusal?.words ?? seen.stop ?? seen.left ?? stopped;
  const overread = overreadOf(kind, draft.readerId, before);
  const [agreement, setAgreement] = useState<Agreement | null>(null);
  const asks = unanswered === 0 ? null : `Answer what is asked first: ${unanswered} left.`;
  const unsaid = overread !== null && agreement === null ? `Say whether you agree with ${overread.signer.name}.` : null;
  const blocked =
    against ?? asks ?? unsaid ?? (later && draft.reason.trim() === '' ? 'Say why the report is changed.' : null);

  // The hand goes where the next thing is asked: reason, password, or Sign itself.
  // biome-ignore lint/correctness/useExhaustiveDependencies: on opening, when the last check is answered, and when a password is asked after all; not with each letter of the reason.
  useEffect(() => {
    // What is asked has the hand until it is answered.
    if (asks !== null && against === null && props.rival === null) return;
    const wanted =
      against !== null || props.rival !== null
        ? '.sign-offer button'
        : later && draft.reason.trim() === ''
          ? 'textarea'
          : passwordNeeded
            ? 'input[type=password]'
            : 'button[type=submit]';
    form.current?.querySelector<HTMLElement>(wanted)?.focus();
  }, [passwordNeeded, asks === null]);

  async function sign(): Promise<void> {
    if (busy || blocked !== null) return;
    setPhase({ kind: 'signing', lost: null });
    if (press.current === null) {
      if (!(await props.flush())) {
        if (alive.current)
          setPhase({ kind: 'refused', words: 'Not signed: your last words are not in both places yet.' });
        return;
      }
      // Drawn now and not before: marks may have come until the press.
      const keyPictures = await props.keyPictures(props.currentDraft());
      const input = signInput({
        // One id for each press: the host answers a repeated one with what it did the first time.
        commandId: crypto.randomUUID(),
        kind,
        detail,
        shown,
        draft: props.currentDraft(),
        comparisons: props.comparisons,
        password,
        linked: props.linked,
        seriesOpened: seen.opened,
        keyPictures,
        checks: outcomesOf(checks, answers.answers),
        ...(overread === null || agreement === null ? {} : { overread: agreement }),
      });
      press.current = createSignPress({
        input,
        give,
        host: props.host,
        wait: pause,
        onLost: ({ code }) =>
          alive.current && setPhase({ kind: 'signing', lost: code === 'not-known' ? 'disk' : 'answer' }),
      });
    }
    const outcome = await press.current.ask();
    if (outcome.kind === 'signed') return props.onSigned(outcome.answer);
    if (!alive.current) return;
    if (outcome.kind === 'unknown') {
      setPhase({ kind: 'unknown', words: outcome.failure.message });
      return;
    }
    press.current = null;
    const { code, message } = outcome.failure;
    setPassword('');
    if (code === 'password-needed' || code === 'wrong-password') setPasswordNeeded(true);
    setPhase({ kind: 'refused', words: message });
    form.current?.querySelector<HTMLInputElement>('input[type=password]')?.focus();
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    void sign();
  }
  function answerByKey(event: KeyboardEvent<HTMLElement>): void {
    const types = event.target instanceof HTMLInputElement && event.target.type !== 'radio';
    const writes = types || event.target instanceof HTMLTextAreaElement;
    if (!busy && event.key === 'F4') {
      const critical = checks.find(({ finding }) => finding.rule === 'critical-words');
      event.preventDefault();
      props.onCritical(critical?.finding.at ?? null);
      return;
    }
    if (busy || writes || event.ctrlKey || event.altKey || event.metaKey) return;
    const agreed = overread === null ? null : agreementOfKey(event.key);
    if (agreed !== null) {
      event.preventDefault();
      setAgreement(agreed);
      return;
    }
    const said = answerOfKey(event.key, checks, answers.answers);
    if (said === null) return;
    event.preventDefault();
    if ('words' in said) props.onWords(said.words);
    else answers.answer(said.key, said.reason);
  }
  const back = busy ? undefined : () => props.onBack(phase.kind === 'unknown' ? 'unknown' : 'not-signed');

  return (
    <Dialog title={give ? 'Give report to be signed' : 'Sign report'} bare className="sign-dialog" onClose={back}>
      <form
        ref={form}
        className="sign-frame"
        onSubmit={submit}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && busy) event.preventDefault();
          answerByKey(event);
          keepInside(event);
        }}
      >
        <SignHead kind={kind} give={give} detail={detail} shown={shown} zone={props.zone} />
        <div className="sign-columns">
          <div className="sign-words">
            <ExamsCovered kind={kind} draft={draft} detail={detail} linked={props.linked} />
            <FirstRead kind={kind} draft={draft} detail={detail} />
            <Changes kind={kind} draft={draft} before={before} given={props.given} />
            <ChecksAtSigning
              findings={checks}
              answers={answers}
              busy={busy}
              nothingElse={
                props.rival === null &&
                seen.advice === null &&
                seen.stop === null &&
                seen.left === null &&
                imagesLines(kind, draft, props.images, props.imagesOfOthers).length === 0
              }
              onWords={props.onWords}
              onCritical={props.onCritical}
            >
              {props.rival === null ? null : (
                <RivalThere
                  words={props.rival.words}
                  mayGoOn={refusal === null}
                  busy={busy}
                  onCompare={props.onCompare}
                />
              )}
              {refusal === null ? (
                <MammogramStops seen={seen} busy={busy} onNextView={() => props.onImages('next-view-part')} />
              ) : null}
              <ImagesLine kind={kind} draft={draft} images={props.images} others={props.imagesOfOthers} />
              <NeverOpened seen={seen} busy={busy} onHang={() => props.onImages('hang-unopened')} />
            </ChecksAtSigning>
          </div>
          <div className="sign-side">
            <IdentityTable rows={identityRows(detail)} />
            {overread === null ? null : (
              <OverreadChoice signer={overread.signer.name} chosen={agreement} busy={busy} onChoose={setAgreement} />
            )}
            <NotHeardWell words={props.doubtful} />
            {detail.identityResolution === null ? null : (
              <p className="sign-covers">
                Resolved by <b>{detail.identityResolution.by}</b>: {detail.identityResolution.reason}
              </p>
            )}
            <CoverLine
              kind={kind}
              draft={draft}
              detail={detail}
              comparisons={props.comparisons}
              before={before}
              linked={props.linked}
            />
            {later ? (
              <TextField label="Reason" rows={2} value={draft.reason} onChange={props.onReason} maxLength={2_000} />
            ) : null}
            {refusal === null ? null : <Refused kind={kind} refusal={refusal} onOther={props.onOther} />}
            {passwordNeeded && against === null ? (
              <TextField
                label="Password"
                hint={`of ${props.userName}`}
                secret
                autoComplete="current-password"
                value={password}
                onChange={setPassword}
              />
            ) : null}
            <p className="sign-standing" role="status" aria-label="Signing">
              <PhaseWords phase={phase} blocked={against === null ? blocked : null} />
            </p>
            <div className="sign-actions">
              <Button kind="go" type="submit" disabled={busy || blocked !== null} title={blocked ?? undefined}>
                {phase.kind === 'unknown' ? 'Ask again' : give ? 'Give to be signed' : 'Sign'}
                <span aria-hidden="true" className="plate">
                  <KeyPlate keys="Enter" />
                </span>
              </Button>
              <Button keys="Esc" onClick={back} disabled={busy}>
                Back to report
              </Button>
            </div>
          </div>
        </div>
      </form>
    </Dialog>
  );
}

/** Tab goes round inside the dialog; the browser's own bar is no part of signing. */
function keepInside(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== 'Tab') return;
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>('input, textarea, button, summary')].filter(
    (one) => !(one instanceof HTMLButtonElement && one.disabled),
  );
  const first = stops[0];
  const last = stops.at(-1);
  const end = event.shiftKey ? first : last;
  const other = event.shiftKey ? last : first;
  if (document.activeElement === end || !event.currentTarget.contains(document.activeElement)) {
    event.preventDefault();
    other?.focus();
  }
}
