import type { ReactNode } from 'react';
import { Mark } from './marks.tsx';
import { unbroken } from './unbroken.tsx';

export type MessageProps = {
  /** tell: a fact · ask: somebody should act (diamond) · stop: harm, or a clock that ran out (octagon). */
  readonly tone: 'tell' | 'ask' | 'stop';
  /** What happened, in one sentence. */
  readonly title: string;
  /** What was asked, what came back, what still works. */
  readonly children?: ReactNode;
  /** One button, and at most one quiet one beside it. */
  readonly action?: ReactNode;
  /** `line` sits at the edge of what it is about; `block` fills an empty place. */
  readonly form?: 'line' | 'block';
};

/** A message where the matter is. There are no toasts: a reader who looks at a lung does not see one, and then it is gone. */
export function Message({ tone, title, children, action, form = 'line' }: MessageProps) {
  return (
    <div className={`message ${tone} ${form}`} role={tone === 'tell' ? 'status' : 'alert'}>
      <span className="row">
        {tone === 'ask' ? <Mark shape="diamond" /> : tone === 'stop' ? <Mark shape="octagon" /> : null}
        <span className={`title ${tone === 'stop' ? 'danger' : tone === 'ask' ? 'signal' : ''}`}>
          {unbroken(title)}
        </span>
      </span>
      {children === undefined ? null : <span className="words">{unbroken(children)}</span>}
      {action === undefined ? null : <span className="row">{action}</span>}
    </div>
  );
}
