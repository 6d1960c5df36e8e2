import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { fareOf } from "../logic/fare";
import { between, money, room } from "../logic/format";
import { answerClock, openOffers, standing, standingText, tone } from "../logic/loadstatus";
import { bookings, face, further, loads, mayPost, now, readOn } from "../logic/market";
import type { Load } from "../logic/types";
import { Countdown, Empty, Pill, Route, Split, TaskNote, useTask } from "../parts/basics";
import { Segments } from "../parts/field";
import { words } from "../words/words";
import { LoadDetail } from "./loaddetail";

type Tab = "open" | "booked" | "closed";

/** An enterprise's loads by state, with the one chosen beside them. */
export function Loads({ id }: { id?: string | undefined }) {
  const { load: say, common } = words();
  const all = loads.list();
  const chosen = id ? loads.get(id) : undefined;
  const tab = useSignal<Tab>(tabOf(chosen) ?? "open");
  const shown = tabOf(chosen);
  useEffect(() => {
    // The list follows the load on show, as when it is booked just now.
    if (shown) tab.value = shown;
  }, [shown]);
  const more = useTask();
  const rows = all.filter((load) => tabOf(load) === tab.value);
  const count = (one: Tab) => all.filter((load) => tabOf(load) === one).length;
  const label = (one: Tab) => (one === "closed" ? say.tabs[one] : `${say.tabs[one]} ${count(one)}`);

  return (
    <Split
      list={
        <section aria-labelledby="loads-title">
          <div class="row between head">
            <h1 id="loads-title">{say.list}</h1>
            {mayPost.value && <a class="button main" href="/loads/new" data-testid="post-load">{say.post}</a>}
          </div>
          <Segments name="loads-tab" label={say.list} value={tab.value} onValue={(next) => (tab.value = next)} options={[["open", label("open")], ["booked", label("booked")], ["closed", label("closed")]]} />
          {rows.length === 0 ? (
            <Empty title={all.length === 0 ? say.empty : say.emptyTab} {...(all.length === 0 && { text: say.emptyText })} />
          ) : (
            <ul class="rows" aria-live="polite" data-testid="load-list">
              {rows.map((load) => <LoadRow key={load.id} load={load} chosen={load.id === id} />)}
            </ul>
          )}
          {tab.value === "closed" && further.value["loads?state=closed"] && (
            <button class="button quiet" disabled={more.busy.value} onClick={() => more.run(() => readOn("loads?state=closed"))}>{common.more}</button>
          )}
          <TaskNote task={more} />
        </section>
      }
      detail={id && <LoadDetail key={id} id={id} back="/loads" />}
    />
  );
}

function tabOf(load: Load | undefined): Tab | undefined {
  if (!load || load.state === "draft") return undefined;
  if (load.state === "closed") return "closed";
  return standing(load) === "booked" ? "booked" : "open";
}

function LoadRow({ load, chosen }: { load: Load; chosen: boolean }) {
  const { load: say, booking: deal, offer: ask } = words();
  const state = standing(load);
  const booking = load.booking_id ? bookings.get(load.booking_id) : undefined;
  const fare = booking && fareOf(booking, face.value);
  const asked = openOffers(load);
  const first = state === "held" ? booking?.hold_until : asked.map((offer) => offer.expires_at).sort()[0];
  const answer = answerClock(load);
  return (
    <li class="load-item">
      <a
        href={`/loads/${load.id}`}
        class={`load-row ${chosen ? "chosen" : ""}`}
        {...(chosen && { "aria-current": "true" as const })}
        data-testid="load-row"
        data-id={load.id}
        data-ref={load.ref ?? ""}
        data-state={state}
      >
        <span class="row between">
          <Route from={load.pickup.place.town} to={load.delivery.place.town} />
          <Pill tone={tone(state)}><span data-testid="load-status">{standingText(load)}</span></Pill>
        </span>
        <span class="row wrap soft">
          {load.ref && <span class="ref">{load.ref}</span>}
          <span>{load.goods}</span>
          <span>{room(load.size)}</span>
        </span>
        <span class="row between wrap soft">
          <span>{say.pickup} {between(load.pickup.window, now.value)}</span>
          {fare && state !== "held" ? (
            <span>{deal.standing[fare.standing]} <b class="ink">{money(fare.fen)}</b>{fare.saved !== undefined && <> · {deal.saved} {money(fare.saved)}</>}</span>
          ) : first ? (
            <span>{ask.left} <Countdown until={first} /></span>
          ) : (
            answer && <span class={answer.late ? "late" : ""} aria-live="off">{answer.text}</span>
          )}
        </span>
      </a>
      {mayPost.value && tabOf(load) !== "open" && <a class="button again" href={`/loads/new?like=${load.id}`} aria-label={`${say.again}: ${load.goods}`} data-testid="again-row" data-id={load.id}>{say.againShort}</a>}
    </li>
  );
}
