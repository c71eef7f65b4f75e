import type { ReactNode } from 'react';
import type { WorklistRow } from '../../../shared/api/index.ts';
import { can, may, type ReaderId, type Role } from '../../../shared/domain/reader/index.ts';
import { explainRank, type FitReader, fitOf } from '../../../shared/domain/reading/index.ts';
import { timeLeft } from '../../../shared/domain/turnaround/index.ts';
import { assertNever } from '../../../shared/lib/assert-never.ts';
import { instant } from '../../../shared/lib/instant.ts';
import {
  arrivalMark,
  arrivalSentences,
  shownAge,
  shownDate,
  shownLeft,
  shownName,
  shownTime,
} from '../../case/index.ts';
import { Button, unbroken } from '../../ui/index.ts';
import { clockOf, imagesWords, linkedWords, standingOf } from './row-words.ts';
import { siteReasons } from './site-words.ts';

type Reason = {
  readonly words: string;
  readonly small: string;
  readonly figure: string;
  readonly tone?: 'signal' | 'danger';
};

function readinessOf(row: WorklistRow, now: number): Reason {
  const toned = arrivalMark(row) === null ? {} : { tone: 'signal' as const };
  switch (row.link) {
    case 'order-without-images':
      return {
        words: 'Images have not come',
        small: 'the order waits; the site sends them',
        figure: imagesWords(row.images),
        tone: 'signal',
      };
    case 'images-without-order':
      return {
        words: 'No order found for these images',
        small: `who asked is not known; ${arrivalSentences(row, now).small}`,
        figure: imagesWords(row.images),
        tone: 'signal',
      };
    case 'order-and-images': {
      const { words, small } = arrivalSentences(row, now);
      return { words, small, figure: imagesWords(row.images), ...toned };
    }
    default:
      return assertNever(row.link);
  }
}

/** What is told of a list that nobody confirms: when claims are judged, and when it last was confirmed, in words for a zone. */
export type ListAge = {
  readonly claimsAt: number;
  /** Null while the list is live. */
  readonly confirmed: ((zone: string | null) => string) | null;
};

function claimSmall(row: WorklistRow, confirmed: ListAge['confirmed']): string {
  const runs = row.leaseUntil === null ? 'a claim' : `claim until ${shownTime(row.leaseUntil, row.site?.zone ?? null)}`;
  return confirmed === null ? runs : `${runs}, ${confirmed(row.site?.zone ?? null)}`;
}

/** Her own claim on a study of the list: a lease that ran out is told as what it is. */
function ownClaim(row: WorklistRow, now: number, confirmed: ListAge['confirmed']): Reason {
  const small = claimSmall(row, confirmed);
  if (row.leaseUntil !== null && row.leaseUntil <= now)
    return { words: 'You had it', small: `${small}; read it to claim it again`, figure: '' };
  return { words: 'You have it', small, figure: '' };
}

/** Why a row stands where it stands: the rank's own grounds, in the rank's own order, then what else decides about this study. */
export function reasonsOf(
  row: WorklistRow,
  me: ReaderId,
  now: number,
  reader: FitReader,
  role: Role | null = null,
  list: ListAge = { claimsAt: now, confirmed: null },
): readonly Reason[] {
  const standing = standingOf(row, me, list.claimsAt);
  const zone = row.site?.zone ?? null;
  const reasons: Reason[] = explainRank(row, fitOf(row, reader), instant(now)).map((one): Reason => {
    if (one.ground === 'code') return { ...one, tone: 'danger' };
    if (one.ground !== 'risk' || row.dueAt === null) return one;
    const started = row.clockStartedAt === null ? '' : `; the clock started ${shownTime(row.clockStartedAt, zone)}`;
    return {
      words: one.words,
      small:
        row.clockPausedAt === null
          ? `due ${shownTime(row.dueAt, zone)}${started}`
          : `the contract lets the clock stand still since ${shownTime(row.clockPausedAt, zone)}${started}`,
      figure: shownLeft(timeLeft(row.dueAt, row.clockPausedAt, now)),
      ...(clockOf(row, standing, now) === 'late' ? { tone: 'danger' as const } : {}),
    };
  });
  if (row.linked !== undefined) {
    const kinds = [...new Set(row.linked.map((one) => one.why))].join(', ');
    reasons.push({ words: linkedWords(row.linked), small: `${kinds}; one reader reads them together`, figure: '' });
  }
  const { pending, sentBack } = row.desk ?? {};
  if (pending !== undefined)
    reasons.push({
      words:
        pending.reader === me
          ? 'Your report waits for a signature'
          : `The report of ${pending.readerName} waits for a signature`,
      small: `given ${shownTime(pending.at, zone)}; ${
        pending.opened === null
          ? 'nobody has opened it yet'
          : `opened by ${pending.opened.readerName} ${shownTime(pending.opened.at, zone)}`
      }`,
      figure: '',
      tone: 'signal',
    });
  else if (sentBack?.to === me)
    reasons.push({
      words: `${sentBack.byName} sent your report back`,
      small: sentBack.words,
      figure: '',
      tone: 'signal',
    });
  reasons.push(readinessOf(row, now), ...siteReasons(row, now, role === null ? null : { id: me, role }));
  if (!row.mayRead.allowed) {
    for (const { words } of row.mayRead.reasons) reasons.push({ words, small: 'not yours to read', figure: '✕' });
  } else if (standing === 'held' && row.reader !== null) {
    reasons.push({
      words: list.confirmed === null ? `${row.reader.name} has it` : `${row.reader.name} had it`,
      small: `${claimSmall(row, list.confirmed)}; you may look`,
      figure: '',
    });
  } else if (standing === 'mine') reasons.push(ownClaim(row, now, list.confirmed));
  if (row.identity === 'stop') {
    reasons.push({
      words: 'Order and images name different people',
      small: 'it can be opened; signing waits until resolved',
      figure: '',
      tone: 'danger',
    });
  } else if (row.identity === 'ask') {
    reasons.push({
      words: 'Who is the patient?',
      small: 'the images carry a stand-in for an unidentified patient',
      figure: '',
      tone: 'signal',
    });
  } else if (row.identity === 'tell') {
    reasons.push({
      words: 'Same person, another spelling',
      small: 'order and images write the name differently',
      figure: '',
    });
  }
  return reasons;
}

export function WhyPanel(props: {
  readonly row: WorklistRow | null;
  readonly isNext: boolean;
  readonly me: ReaderId;
  readonly role: Role;
  readonly now: number;
  readonly age: ListAge;
  readonly fitReader: FitReader;
  readonly desk: ReactNode;
  readonly onRead: () => void;
  readonly onLook: () => void;
  readonly onDesk: () => void;
  /** The order of this study, by the feature that knows orders. */
  readonly order: ReactNode;
}) {
  const { row, now } = props;
  if (row === null) {
    return (
      <aside className="worklist-side" aria-label="The selected study">
        <div className="section mute">Choose a study to see why it stands where it stands.</div>
      </aside>
    );
  }
  const name = shownName(row.patient.name);
  const standing = standingOf(row, props.me, props.age.claimsAt);
  const reads = can(props.role, 'read');
  return (
    <aside className="worklist-side" aria-label="The selected study">
      <section className="section">
        <div className="section-head">
          <h2>{props.isNext ? 'Why this is next' : 'Why it stands here'}</h2>
        </div>
        <p className="patient-name">{name.whole}</p>
        <p className="dim under-name">
          {row.patient.sex ?? 'sex ?'} {shownAge(row.patient.birthDate, new Date(now))} ·{' '}
          <b className="unbroken">{shownDate(row.patient.birthDate)}</b> ·{' '}
          <span className="mono unbroken">{row.accession ?? 'no accession'}</span>
        </p>
        <ol className="reasons">
          {reasonsOf(row, props.me, now, props.fitReader, props.role, props.age).map((reason, index) => (
            <li key={reason.words}>
              <span className="number">{index + 1}</span>
              <span>
                {unbroken(reason.words)}
                <small>{unbroken(reason.small)}</small>
              </span>
              <b className={reason.tone}>{reason.figure}</b>
            </li>
          ))}
        </ol>
        <div className="row actions">
          {may(props.role, 'read', row.state).allowed ? (
            <Button
              kind={standing === 'open' || standing === 'mine' ? 'go' : 'plain'}
              keys="Enter"
              onClick={props.onRead}
            >
              Read
            </Button>
          ) : null}
          <Button {...(reads ? {} : { kind: 'go' })} keys="L" onClick={props.onLook}>
            Look
          </Button>
          <Button keys="Q" kind="quiet" onClick={props.onDesk}>
            {reads ? 'Ask the site' : 'Questions to the site'}
          </Button>
        </div>
        {props.desk}
      </section>
      {props.order}
      <section className="section">
        <div className="section-head">
          <h3>Site and images</h3>
        </div>
        <dl className="facts">
          <dt>Site</dt>
          <dd>{row.site === null ? 'not known' : `${row.site.name}, ${row.site.state}`}</dd>
          <dt>Phone</dt>
          <dd>{row.site?.phone ?? 'not given'}</dd>
          <dt>Made</dt>
          <dd className="unbroken">{shownDate(row.studyDate)}</dd>
          <dt>Images</dt>
          <dd>
            {row.images.atMost === true ? 'at most ' : ''}
            {row.images.expected === null
              ? `${row.images.present}, number not told`
              : `${row.images.present} of ${row.images.expected}`}
            {row.images.atMost === true ? '; documents among them are not counted apart yet' : ''}
          </dd>
          <dt>Patient id</dt>
          <dd className="mono">
            {row.patient.id ?? 'none'} {row.patient.issuer ?? ''}
          </dd>
        </dl>
      </section>
    </aside>
  );
}
