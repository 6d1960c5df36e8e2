import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { worthRepeating } from "../logic/api";
import { secretOf } from "../logic/link";
import { ended, signIn, unread } from "../logic/market";
import { explain } from "../logic/net";
import { Text } from "../parts/field";
import { useTask } from "../parts/basics";
import { words } from "../words/words";

/** Comes in by the link in the address, or says how to get one. */
export function SignIn({ link }: { link: string }) {
  const { signedOut: say } = words();
  const secret = useSignal(link);
  const typed = useSignal("");
  const task = useTask();
  const enter = (one: string) => task.run(() => signIn(one));
  useEffect(() => {
    if (link) void enter(link);
  }, []);
  const pasted = secretOf(typed.value);
  return (
    <main class="page signed-out" id="content" data-testid="signed-out">
      <p class="soft">{words().tagline}</p>
      <h1>{say.title}</h1>
      {task.busy.value ? (
        <p role="status" class="note">{say.busy}</p>
      ) : (
        <>
          <div role="alert">
            {ended.value && task.error.value === undefined && <p class="note warn" data-testid="session-ended">{say.ended}</p>}
            {task.error.value !== undefined && <p class="note bad" data-testid="signin-error">{say.failed}{" — "}{explain(task.error.value)}</p>}
            {unread.value !== undefined && <p class="note bad">{explain(unread.value)}</p>}
          </div>
          <p>{say.text}</p>
          {secret.value && worthRepeating(task.error.value) && <button class="button" onClick={() => void enter(secret.value)}>{say.retry}</button>}
          <form
            class="slim"
            onSubmit={(event) => {
              event.preventDefault();
              if (!pasted) return;
              secret.value = pasted;
              void enter(pasted);
            }}
          >
            <Text path="link" label={say.paste} hint={say.pasteHint} faults={[]} value={typed.value} onValue={(value) => (typed.value = value)} />
            <button class="button main" disabled={!pasted} data-testid="signin-submit">{say.enter}</button>
          </form>
        </>
      )}
    </main>
  );
}
