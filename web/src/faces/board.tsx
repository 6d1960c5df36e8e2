import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { between, room, when } from "../logic/format";
import { clock, mayHaul, mayPost, now } from "../logic/market";
import { read } from "../logic/net";
import type { Load, Page, Trip } from "../logic/types";
import { Empty, Route, TaskNote, useTask } from "../parts/basics";
import { Take } from "../parts/take";
import { Segments } from "../parts/field";
import { Firm } from "../parts/firm";
import { word, words } from "../words/words";
import { TripRoute } from "./trips";

const pace = 30_000;

/** The masked public view of what is open in the market. */
export function Board() {
  const { board: say, common } = words();
  const side = useSignal<"loads" | "trips">("loads");
  const rows = useSignal<{ loads?: Load[]; trips?: Trip[]; at?: number }>({});
  const task = useTask();
  const look = () =>
    task.run(async () => {
      if (side.peek() === "loads") {
        const { items } = await read<Page<Load>>("/v1/board/loads?limit=200");
        rows.value = { ...rows.peek(), loads: items, at: clock.now() };
      } else {
        const { items } = await read<Page<Trip>>("/v1/board/trips?limit=200");
        rows.value = { ...rows.peek(), trips: items, at: clock.now() };
      }
    });
  useEffect(() => {
    void look();
    const timer = setInterval(() => document.visibilityState === "visible" && void look(), pace);
    return () => clearInterval(timer);
  }, [side.value]);
  const { at } = rows.value;
  return (
    <section aria-labelledby="board-title" data-testid="board">
      <div class="row between wrap head">
        <h1 id="board-title">{say.title}</h1>
        <button class="button quiet" disabled={task.busy.value} onClick={() => void look()}>{common.refresh}</button>
      </div>
      <Segments name="board-side" label={say.title} value={side.value} onValue={(next) => (side.value = next)} options={[["loads", say.loads], ["trips", say.trips]]} />
      <p class="hint">{say.masked} {at !== undefined && `${common.updated} ${when(new Date(at).toISOString(), now.value)}`}</p>
      <TaskNote task={task} />
      {side.value === "loads" ? <LoadTable rows={rows.value.loads} /> : <TripTable rows={rows.value.trips} />}
    </section>
  );
}

function LoadTable({ rows }: { rows: Load[] | undefined }) {
  const { board: say } = words();
  if (!rows) return <div class="skeleton" />;
  if (rows.length === 0) return <Empty title={say.noLoads} />;
  return (
    <table class="stack" data-testid="board-loads">
      <thead>
        <tr><th>{say.route}</th><th>{say.goods}</th><th>{say.size}</th><th>{say.pickup}</th><th>{say.delivery}</th><th>{say.who}</th>{mayHaul.value && <th>{say.now}</th>}</tr>
      </thead>
      <tbody>
        {rows.map((load) => (
          <tr key={load.id} data-testid="board-load" data-id={load.id}>
            <th scope="row"><Route from={load.pickup.place.town} to={load.delivery.place.town} /></th>
            <td data-label={say.goods}>{load.goods}</td>
            <td data-label={say.size}>{room(load.size)}</td>
            <td data-label={say.pickup}>{between(load.pickup.window, now.value)}</td>
            <td data-label={say.delivery}>{between(load.delivery.window, now.value)}</td>
            <td data-label={say.who}>{load.org?.name && <span><Firm of={load.org} /></span>}</td>
            {mayHaul.value && <td><Take taker="carrier" id={load.id} what={`${load.pickup.place.town} → ${load.delivery.place.town}`} /></td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function TripTable({ rows }: { rows: Trip[] | undefined }) {
  const { board: say, types } = words();
  if (!rows) return <div class="skeleton" />;
  if (rows.length === 0) return <Empty title={say.noTrips} />;
  return (
    <table class="stack" data-testid="board-trips">
      <thead>
        <tr><th>{say.route}</th><th>{say.vehicle}</th><th>{say.room}</th><th>{say.time}</th><th>{say.who}</th>{mayPost.value && <th>{say.now}</th>}</tr>
      </thead>
      <tbody>
        {rows.map((trip) => (
          <tr key={trip.id} data-testid="board-trip" data-id={trip.id}>
            <th scope="row"><TripRoute trip={trip} /></th>
            <td data-label={say.vehicle}>{word(types, trip.vehicle?.type)}</td>
            <td data-label={say.room}>{(trip.rooms ?? []).map((one) => room(one)).join(" / ")}</td>
            <td data-label={say.time}>{between(spanOf(trip), now.value)}</td>
            <td data-label={say.who}>{trip.org?.name && <span><Firm of={trip.org} /></span>}</td>
            {mayPost.value && <td>{trip.book_now && <Take taker="enterprise" id={trip.id} what={word(types, trip.vehicle?.type)} />}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function spanOf(trip: Trip): { open: string; close: string } | undefined {
  const open = trip.stops[0]?.window.open;
  const close = trip.horizon ?? trip.stops[trip.stops.length - 1]?.window.close;
  return open && close ? { open, close } : undefined;
}
