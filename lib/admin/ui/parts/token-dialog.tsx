import { useState } from 'preact/hooks';
import type { AccessWish } from '../state/app-state.js';
import { Dialog } from './dialog.js';

const WHY: Record<AccessWish['why'], string> = {
  missing: 'The application wants to know who you are.',
  refused: 'The application did not take this token.',
  forbidden: 'This token may not look at the pools.',
  asked: 'Another token takes the place of the one in use.',
};

/** Asks for the bearer token. It is kept in the memory of this tab only, and gone when the tab is. */
export function TokenDialog(props: { wish: AccessWish; onToken: (token: string) => void; onClose: () => void }) {
  const [token, setToken] = useState('');
  return (
    <Dialog title="Token" onClose={props.onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          props.onToken(token.trim());
        }}
      >
        <p role={props.wish.why === 'asked' ? undefined : 'alert'}>{WHY[props.wish.why]}</p>
        <label class="field">
          <span>Bearer token</span>
          <input
            type="password"
            autocomplete="off"
            spellcheck={false}
            value={token}
            onInput={(event) => setToken(event.currentTarget.value)}
          />
        </label>
        <p class="hint">It stays in the memory of this tab: not stored, not in the address.</p>
        <div class="row end">
          <button type="button" onClick={props.onClose}>
            Cancel
          </button>
          <button type="submit" class="primary">
            Use it
          </button>
        </div>
      </form>
    </Dialog>
  );
}
