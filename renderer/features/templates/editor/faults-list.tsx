import { placeOfLine, type Written, type WrittenFault } from '../../../../shared/domain/template/index.ts';
import { Mark } from '../../../ui/index.ts';

/** What has to be mended before it can be saved, and what is told; each goes to its place. */
export function FaultsList(props: {
  readonly written: Written;
  readonly faults: readonly WrittenFault[];
  /** Saving was tried. */
  readonly asked: boolean;
  readonly onGo: (at: string) => void;
}) {
  const { written, faults, asked, onGo } = props;
  if (faults.length === 0) return null;
  return (
    <ul className="tpe-faults" aria-label="To mend">
      {faults.slice(0, 20).map(({ at, words, stop }) => {
        const place = placeOfLine(written, at);
        return (
          <li key={`${at} ${words}`}>
            <button type="button" className={asked && stop ? 'tpe-fault signal' : 'tpe-fault'} onClick={() => onGo(at)}>
              {stop ? <Mark shape="diamond" /> : null}
              <span>
                {place === null ? '' : `${place}: `}
                {words}
              </span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
