import type { Ref } from 'react';
import { byTime, formatInZone } from '../../../shared/domain/turnaround/index.ts';
import { Mark } from '../../ui/index.ts';
import { doubtWords, eventWord, intervalWord, spanWords } from './report-labels.ts';
import type { Timeline } from './use-case-report.ts';

/** Every step of the reading, oldest first, on the site's clock; below it what they add up to. */
export function TimelineList({
  timeline,
  ref,
}: {
  readonly timeline: Timeline | null;
  readonly ref?: Ref<HTMLElement>;
}) {
  const events = timeline === null ? [] : [...timeline.events].sort(byTime);
  const zone = timeline?.zone ?? 'UTC';
  return (
    <section className="report-block" aria-label="Events" ref={ref} tabIndex={-1}>
      <div className="report-block-head">
        <h3>Timeline</h3>
        <span className="grow" />
        <span className="dim small">{zone}</span>
      </div>
      {timeline?.filling === true ? (
        <p className="report-line signal" role="status">
          <Mark shape="ring" /> History is being read from the record; earlier entries may be missing.
        </p>
      ) : null}
      {timeline !== null && !timeline.filling && events.length === 0 ? (
        <p className="report-line mute">No event is known yet.</p>
      ) : null}
      <ol className="report-timeline" aria-label="Timeline">
        {events.map((event, at) => {
          const when = formatInZone(event.occurredAt, zone);
          const before = events[at - 1];
          const newDay =
            before === undefined || formatInZone(before.occurredAt, zone).slice(0, 10) !== when.slice(0, 10);
          const doubt = doubtWords(event);
          const about = event.detail === '' ? (event.channel ?? '') : event.detail;
          return (
            <li key={event.id}>
              <time dateTime={new Date(event.occurredAt).toISOString()}>
                {newDay ? <span className="day">{when.slice(0, 10)}</span> : null}
                {when.slice(11)}
              </time>
              <span className="what">
                {eventWord(event)}
                {about === '' ? null : <span className="mute"> {about}</span>}
                {doubt === null ? null : <span className="doubt"> {doubt}</span>}
              </span>
              <span className="who">{event.actor.name}</span>
            </li>
          );
        })}
      </ol>
      {timeline === null || timeline.intervals.length === 0 ? null : (
        <dl className="report-intervals" aria-label="Intervals">
          {timeline.intervals.map((one) => (
            <div key={one.name}>
              <dt title={one.name}>{intervalWord(one.name)}</dt>
              <dd>
                <b>{one.milliseconds === null ? 'runs' : spanWords(one.milliseconds)}</b>{' '}
                <span className="mute">{one.words}</span>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}
