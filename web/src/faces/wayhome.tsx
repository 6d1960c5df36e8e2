import { useEffect } from "preact/hooks";
import { money, number, room, when } from "../logic/format";
import { mayHaul, now, wantWayHome, wayHomes } from "../logic/market";
import type { Trip } from "../logic/types";
import { Route } from "../parts/basics";
import { words } from "../words/words";

/** What the truck could carry home from the end of its trip, and a way to announce that. */
export function WayHomeCard({ trip }: { trip: Trip }) {
  const { wayHome: say } = words();
  const told = trip.reload_at !== undefined && (trip.state === "open" || trip.state === "underway");
  const way = wayHomes.value.get(trip.id);
  useEffect(() => {
    if (told) wantWayHome(trip.id);
  }, [trip.id, told]);
  if (!told) return null;
  if (!way) return <section class="card"><div class="skeleton" /></section>;
  const next = trip.next_trip_id ?? way.next_trip_id;
  return (
    <section class="card" aria-labelledby="way-home-title" data-testid="way-home">
      <h2 id="way-home-title">{say.title}</h2>
      <p>{say.text(way.from.town, way.home.town)}</p>
      <ul class="rows">
        {way.loads.map((one) => (
          <li key={one.load_id} class="row between wrap" data-testid="way-home-load" data-open={one.open}>
            <span><Route from={one.load.pickup.town} to={one.load.delivery.town} /> · {one.load.goods} · {room(one.load.size)}</span>
            <b>{one.open ? money(one.price_fen) : say.gone}</b>
          </li>
        ))}
      </ul>
      <p class="note good"><b data-testid="way-home-price">{say.earns(money(way.price_fen))}</b> · {say.leaves(when(way.departs.open, now.value), when(way.departs_by, now.value))}</p>
      <p class="soft">{say.risk(`${number(way.risk_permille / 10)} %`)}</p>
      {next ? (
        <a class="button" href={`/trips/${next}`} data-testid="next-trip">{say.next}</a>
      ) : mayHaul.value && (
        <>
          <a class="button main" href={`/trips/new?home=${trip.id}`} data-testid="announce-home">{say.apply}</a>
          <p class="hint">{say.still}</p>
        </>
      )}
    </section>
  );
}
