import { useEffect } from "preact/hooks";
import { room, span } from "../logic/format";
import { explanations, now, reason, unanswered, wantExplanation } from "../logic/market";
import type { Load } from "../logic/types";
import { Empty, Route, Split } from "../parts/basics";
import { words } from "../words/words";
import { LoadDetail } from "./loaddetail";

/** The loads that nobody has taken, oldest first, with their clocks and reasons. */
export function Desk({ id }: { id?: string | undefined }) {
  const { desk: say } = words();
  const rows = unanswered.value;
  const past = rows.filter((load) => late(load) > 0 && !load.answered_at).length;
  return (
    <Split
      list={
        <section aria-labelledby="desk-title" data-testid="desk">
          <h1 id="desk-title" class="head">{say.title}</h1>
          <p class="soft">{say.text}</p>
          {past > 0 && <p class="note bad" role="status" data-testid="desk-past">{say.past(past)}</p>}
          {rows.length === 0 ? <Empty title={say.empty} /> : (
            <table class="stack" aria-live="polite">
              <thead>
                <tr><th>{words().load.route}</th><th>{say.who}</th><th>{words().load.size}</th><th>{say.waited}</th><th>{say.answer}</th><th>{say.reason}</th></tr>
              </thead>
              <tbody>{rows.map((load) => <Row key={load.id} load={load} chosen={load.id === id} />)}</tbody>
            </table>
          )}
        </section>
      }
      detail={id && <LoadDetail key={id} id={id} back="/desk" />}
    />
  );
}

function late(load: Load): number {
  return load.answer_by ? now.value - Date.parse(load.answer_by) : 0;
}

function Row({ load, chosen }: { load: Load; chosen: boolean }) {
  const { desk: say, status, load: loadWords } = words();
  useEffect(() => {
    if (load.answered_at) wantExplanation(load.id);
  }, [load.id, load.answered_at]);
  const counts = explanations.value.get(load.id)?.counts ?? [];
  const main = [...counts].sort((a, b) => b.n - a.n)[0]?.reason;
  const by = late(load);
  const waited = load.posted_at ? span((now.value - Date.parse(load.posted_at)) / 1000) : "";
  return (
    <tr class={chosen ? "chosen" : ""} data-testid="desk-row" data-id={load.id} {...(chosen && { "aria-current": "true" as const })}>
      <th scope="row"><a href={`/desk/${load.id}`}><Route from={load.pickup.place.town} to={load.delivery.place.town} /></a></th>
      <td data-label={say.who}>{load.org?.name}</td>
      <td data-label={loadWords.size}>{room(load.size)}</td>
      <td data-label={say.waited} aria-live="off">{waited}</td>
      <td data-label={say.answer} class={by > 0 && !load.answered_at ? "late" : ""} aria-live="off">
        {load.answered_at ? status.explained : by > 0 ? status.answerLate(span(by / 1000)) : status.answerIn(span(-by / 1000))}
      </td>
      <td data-label={say.reason}>{reason(main)}</td>
    </tr>
  );
}
