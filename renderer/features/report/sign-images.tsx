import type { Draft, ReleaseKind } from '../../../shared/domain/report/index.ts';
import { Button, Mark, unbroken } from '../../ui/index.ts';
import { type ImagesOfOthers, imagesLines } from './images-at-signing.ts';
import type { ImagesSeen } from './images-seen.ts';
import type { ImagesNow } from './may-issue.ts';

/** Never in the way of signing: images that are still on their way, and those that came while the words were written. */
export function ImagesLine(props: {
  readonly kind: ReleaseKind;
  readonly draft: Draft;
  readonly images: ImagesNow;
  readonly others: ImagesOfOthers;
}) {
  const lines = imagesLines(props.kind, props.draft, props.images, props.others);
  if (lines.length === 0) return null;
  return (
    <li>
      <Mark shape="diamond" />
      <p className="sign-covers signal" role="note">
        {unbroken(lines.join(' '))}
      </p>
    </li>
  );
}

/** A mammogram that may not be signed as it is, or views of it that are still to be looked at: with the next step. */
export function MammogramStops(props: {
  readonly seen: ImagesSeen;
  readonly busy: boolean;
  readonly onNextView: () => void;
}) {
  const { stop, left, canShow } = props.seen;
  if (stop === null && left === null) return null;
  return (
    <li className="wide">
      <div className="sign-offer" role="alert">
        {stop === null ? null : (
          <>
            <p className="signal">
              <Mark shape="diamond" /> {stop}
            </p>
            <p className="dim">
              No preliminary and no final can be signed on them. Ask the site for the original images; your words are
              kept.
            </p>
          </>
        )}
        {stop !== null || left === null ? null : (
          <>
            <p className="signal">
              <Mark shape="diamond" /> {left}
            </p>
            {canShow ? (
              <Button keys="\" onClick={props.onNextView} disabled={props.busy}>
                Show the next part
              </Button>
            ) : null}
          </>
        )}
      </div>
    </li>
  );
}

/** Advice, and never in the way: what was not opened, with one press to the first of it. */
export function NeverOpened(props: { readonly seen: ImagesSeen; readonly busy: boolean; readonly onHang: () => void }) {
  if (props.seen.advice === null) return null;
  return (
    <li>
      <Mark shape="ring" />
      <span role="note">{unbroken(props.seen.advice)}</span>
      <Button kind="quiet" onClick={props.onHang} disabled={props.busy}>
        Open the first
      </Button>
    </li>
  );
}
