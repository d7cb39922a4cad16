import type { ComponentChildren } from 'preact';

/** What stands in place of data: loading, empty, error. */
export function Notice(props: { title: string; text: string; busy?: boolean; children?: ComponentChildren }) {
  return (
    <section class="notice" role={props.busy ? 'status' : undefined} aria-busy={props.busy}>
      {props.busy && <span class="spinner" aria-hidden="true" />}
      <h1>{props.title}</h1>
      <p>{props.text}</p>
      {props.children}
    </section>
  );
}
