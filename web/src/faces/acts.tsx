import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { roster } from "../logic/desk";
import { number, when } from "../logic/format";
import { face, now } from "../logic/market";
import { read } from "../logic/net";
import { go, place } from "../logic/router";
import type { Load, Page, RefusedAct, Story } from "../logic/types";
import { Empty, TaskNote, useTask } from "../parts/basics";
import { word, words } from "../words/words";

/** The log of refused acts: a firm's own, for the desk everybody's or those of one firm. */
export function Acts() {
  const { acts: say, common } = words();
  const firm = place.value.query.get("firm") ?? "";
  const rows = useSignal<RefusedAct[] | undefined>(undefined);
  const next = useSignal<string | undefined>(undefined);
  const task = useTask();
  const look = (after = "") => void task.run(async () => {
    const page = await read<Page<RefusedAct>>(`/v1/acts?limit=50${after && `&after=${encodeURIComponent(after)}`}`, firm ? { behalf: firm } : {});
    rows.value = after ? [...(rows.peek() ?? []), ...page.items] : page.items;
    next.value = page.next;
  });
  useEffect(() => {
    rows.value = undefined;
    look();
  }, [firm]);
  const firms = roster.value?.firms ?? [];
  return (
    <section aria-labelledby="acts-title" data-testid="acts">
      <div class="row between wrap head">
        <h1 id="acts-title">{say.title}</h1>
        <button class="button quiet" disabled={task.busy.value} onClick={() => look()}>{common.refresh}</button>
      </div>
      <p class="soft">{say.text}</p>
      {face.value === "desk" && (
        <label class="field">{say.firm}
          <select value={firm} onChange={(event) => go(event.currentTarget.value ? `/acts?firm=${event.currentTarget.value}` : "/acts", true)} data-testid="acts-firm">
            <option value="">{say.all}</option>
            {firms.map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}
          </select>
        </label>
      )}
      <TaskNote task={task} />
      {!rows.value && task.busy.value && <div class="skeleton" aria-busy="true" />}
      {rows.value?.length === 0 && <Empty title={say.empty} text={say.emptyText} />}
      {rows.value && <List rows={rows.value} />}
      {next.value && <button class="button quiet" disabled={task.busy.value} onClick={() => look(next.value)}>{common.more}</button>}
    </section>
  );
}

/** What was refused about a load and what came of it. */
export function LoadActs({ load }: { load: Load }) {
  const { acts: say, common } = words();
  const rows = useSignal<RefusedAct[] | undefined>(undefined);
  const open = useSignal(false);
  const task = useTask();
  const look = () => void task.run(async () => {
    rows.value = (await read<Story>(`/v1/loads/${encodeURIComponent(load.id)}/story`)).refused.reverse();
  });
  useEffect(() => {
    if (open.value) look();
  }, [open.value, load.version]);
  return (
    <details class="card statement" onToggle={(event) => (open.value = event.currentTarget.open)} data-testid="load-acts">
      <summary data-testid="load-acts-open">{say.title}</summary>
      <TaskNote task={task} />
      {task.error.value !== undefined && <button class="button" onClick={look}>{common.retry}</button>}
      {!rows.value && task.busy.value && <div class="skeleton" aria-busy="true" />}
      {rows.value?.length === 0 && <p class="soft">{say.none}</p>}
      {rows.value && <List rows={rows.value} />}
    </details>
  );
}

function List({ rows }: { rows: RefusedAct[] }) {
  const { acts: say } = words();
  return (
    <ul class="asked">
      {rows.map((act) => (
        <li key={act.id} data-testid="refused-act" data-act={act.act} data-problem={act.refusal.problem}>
          <span class="soft">{when(act.at, now.value)}</span>
          <b>{act.org.name}</b>
          <span>{word(say.names, act.act)}{act.times > 1 && ` · ${say.times(number(act.times))}`}{act.on_behalf && ` · ${say.behalf}`}</span>
          <span class="whole">{act.refusal.detail}</span>
          <Subject act={act} />
        </li>
      ))}
    </ul>
  );
}

/** What an act was about, where the page shows that, and which version of it was named. */
function Subject({ act }: { act: RefusedAct }) {
  const { acts: say } = words();
  const at = subjectAt(act.subject ?? "");
  const passed = act.version && act.present_version && act.version !== act.present_version;
  if (!at && !passed) return null;
  return (
    <span class="soft whole">
      {at && <a href={at}>{say.see}</a>} {passed ? say.versions(number(act.version ?? 0), number(act.present_version ?? 0)) : ""}
    </span>
  );
}

/** Where the subject of an act stands in the page of whoever looks. */
function subjectAt(id: string): string | undefined {
  const desk = face.value === "desk";
  switch (id.slice(0, 3)) {
    case "ld_":
      return desk ? `/desk/${id}` : face.value === "enterprise" ? `/loads/${id}` : undefined;
    case "tr_":
      return face.value === "carrier" ? `/trips/${id}` : undefined;
    case "bk_":
      return `/bookings/${id}`;
    case "ti_":
      return `/tickets?show=${id}`;
    case "po_":
      return "/pools";
    default:
      return undefined;
  }
}
