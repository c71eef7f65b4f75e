import { type ReactNode, useEffect, useRef } from 'react';

export type DialogProps = {
  readonly title: string;
  readonly children: ReactNode;
  /** Esc and the browser's own way of closing. Absent where the dialog must be answered. */
  readonly onClose?: () => void;
  readonly className?: string;
  /** Beside the title: a key plate, a state. */
  readonly head?: ReactNode;
  /** No visible head: the title is then the accessible name alone. */
  readonly bare?: boolean;
};

/**
 * A modal dialog: the browser's own, which holds focus inside, makes the rest inert and gives focus back on closing. It is opened by
 * being rendered.
 */
export function Dialog({ title, children, onClose, className, head, bare }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    const dialog = ref.current;
    if (dialog === null) return;
    const before = document.activeElement;
    if (!dialog.open) dialog.showModal();
    return () => {
      if (dialog.open) dialog.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Esc is the keyboard's way, by onCancel.
    <dialog
      ref={ref}
      className={`dialog ${className ?? ''}`}
      aria-label={title}
      onCancel={(event) => {
        event.preventDefault();
        close.current?.();
      }}
      onClick={(event) => {
        if (event.target === ref.current) close.current?.();
      }}
    >
      {bare === true ? null : (
        <div className="dialog-head">
          <h2>{title}</h2>
          <span className="grow" />
          {head}
        </div>
      )}
      {children}
    </dialog>
  );
}
