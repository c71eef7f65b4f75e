import type { ReactNode } from 'react';

/** A column's head: `number` where its figures stand to the right, `unseen` where what is in it names itself. */
export type FigureHead = string | { readonly words: string; readonly as: 'number' | 'unseen' };

/** Rows of figures in a dialog, in a region that scrolls by itself and is named. The rows are `tr`, their figures of class `number`. */
export function FigureTable(props: {
  readonly label: string;
  readonly heads: readonly FigureHead[];
  readonly className?: string;
  readonly children: ReactNode;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to take focus (WCAG 2.1.1).
    <section className="figure-scroll" aria-label={props.label} tabIndex={0}>
      <table className={`figure-table ${props.className ?? ''}`}>
        <thead>
          <tr>
            {props.heads.map((head) => {
              const words = typeof head === 'string' ? head : head.words;
              const as = typeof head === 'string' ? null : head.as;
              return (
                <th key={words} scope="col" className={as === 'number' ? 'number' : undefined}>
                  {as === 'unseen' ? <span className="visually-hidden">{words}</span> : words}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>{props.children}</tbody>
      </table>
    </section>
  );
}
