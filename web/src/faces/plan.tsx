import { km, room, span, when } from "../logic/format";
import { bookings, now } from "../logic/market";
import type { Call, Trip } from "../logic/types";
import type { Mark } from "../map/map";
import { RouteMap, type Way } from "../parts/route";
import { word, words } from "../words/words";

/** The trip's own way and the one with what it carries. */
export function TripMap({ trip }: { trip: Trip }) {
  const { trip: say } = words();
  const riders = bookings.list();
  const calls = trip.plan ?? [];
  const spots = calls.flatMap((call): Mark[] => {
    const load = call.load_id ? riders.find((one) => one.load_id === call.load_id)?.load : undefined;
    const at = call.lat !== undefined && call.lng !== undefined ? { lat: call.lat, lng: call.lng } : load?.[call.kind === "delivery" ? "delivery" : "pickup"].place;
    const town = call.town ?? load?.[call.kind === "delivery" ? "delivery" : "pickup"].place.town ?? "";
    return at ? [{ lat: at.lat, lng: at.lng, kind: call.load_id ? "with" : "own", text: `${word(say.calls, call.kind)} ${town}` }] : [];
  });
  const own = trip.stops.map(({ place: { lat, lng } }) => ({ lat, lng }));
  if (spots.length === 0) return null;
  const ways: Way[] = own.length > 1 ? [{ kind: "own", through: own }] : [];
  if (spots.length > own.length) ways.push({ kind: "with", through: spots.map(({ lat, lng }) => ({ lat, lng })) });
  return <RouteMap testid="trip-map" ways={ways} marks={spots} />;
}

/** The stops of a trip in driving order, its own and those of the loads it carries. */
export function Plan({ calls }: { calls: Call[] }) {
  const { trip: say } = words();
  const riders = bookings.list();
  const town = (call: Call) => {
    const rider = call.load_id && riders.find((booking) => booking.load_id === call.load_id);
    return rider ? rider.load[call.kind === "delivery" ? "delivery" : "pickup"].place.town : call.town;
  };
  return (
    <ol class="plan" data-testid="trip-plan">
      {calls.map((call, i) => (
        <li key={`${call.kind}${call.load_id ?? i}`} class={call.kind} data-testid="plan-call" data-kind={call.kind} data-load={call.load_id ?? ""}>
          <p class="row between">
            <b>{word(say.calls, call.kind)} {town(call)}</b>
            <span>{when(call.start_at ?? call.arrive_at, now.value)}</span>
          </p>
          <Leg from={call} to={calls[i + 1]} />
        </li>
      ))}
    </ol>
  );
}

/** The drive to the next stop and what is aboard on it. */
function Leg({ from, to }: { from: Call; to: Call | undefined }) {
  const { trip: say } = words();
  if (!to) return null;
  return (
    <p class="leg soft">
      {to.leg_m ? say.leg(km(to.leg_m), span(to.leg_s ?? 0)) : ""}
      {to.rest_s ? ` · ${say.rest(span(to.rest_s))}` : ""}
      {to.rehandle_s ? ` · ${say.moves(span(to.rehandle_s))}` : ""}
      <span class="line">{say.aboard}{": "}{from.aboard && from.aboard.kg > 0 ? room(from.aboard) : say.emptyTruck}</span>
    </p>
  );
}
