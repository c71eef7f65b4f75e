import { Children, Fragment, type ReactNode } from 'react';
import { lineParts } from './unbroken-parts.ts';

/**
 * The same words, with no line's end within a date, a time with its zone, or a number with its unit: half a date is misread. What is
 * given as elements is left as it is.
 */
export function unbroken(words: ReactNode): ReactNode {
  // "12", " mm" are two children of JSX and one line of words.
  const joined: ReactNode[] = [];
  for (const child of Children.toArray(words)) {
    const before = joined.at(-1);
    if ((typeof child === 'string' || typeof child === 'number') && typeof before === 'string')
      joined[joined.length - 1] = before + child;
    else joined.push(typeof child === 'number' ? String(child) : child);
  }
  let place = 0;
  return joined.map((child) => {
    if (typeof child !== 'string') return child;
    return lineParts(child).map((part) => {
      place += 1;
      return part.whole ? (
        <span key={place} className="unbroken">
          {part.words}
        </span>
      ) : (
        <Fragment key={place}>{part.words}</Fragment>
      );
    });
  });
}
