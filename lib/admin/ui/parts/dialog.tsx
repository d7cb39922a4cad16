import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';

/** A modal dialog: focus stays inside, Escape closes it, focus returns to where it was. */
export function Dialog(props: { title: string; onClose: () => void; children: ComponentChildren }) {
  const element = useRef<HTMLDialogElement>(null);
  const title = useId();
  const latest = useRef(props.onClose);
  latest.current = props.onClose;
  useLayoutEffect(() => {
    const dialog = element.current!;
    const before = document.activeElement;
    // Escape cancels, or closes at once where nothing else was pressed before: browsers differ.
    const close = (event: Event) => {
      event.preventDefault();
      latest.current();
    };
    dialog.addEventListener('cancel', close);
    dialog.addEventListener('close', close);
    dialog.showModal();
    return () => {
      dialog.removeEventListener('cancel', close);
      dialog.removeEventListener('close', close);
      dialog.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog ref={element} aria-labelledby={title}>
      <h2 id={title}>{props.title}</h2>
      {props.children}
    </dialog>
  );
}
