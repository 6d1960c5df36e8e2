import { km, room, span, when } from "../logic/format";
import { bookings, now } from "../logic/market";
import type { Call } from "../logic/types";
import { word, words } from "../words/words";

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
        <li key={`${call.kind}${call.load_id ?? i}`} class={call.kind} data-testid="plan-call" data-kind={call.kind}>
          {i > 0 && <p class="leg soft">{say.leg(km(call.leg_m ?? 0), span(call.leg_s ?? 0))}</p>}
          <p class="row between">
            <b>{word(say.calls, call.kind)} {town(call)}</b>
            <span>{when(call.start_at ?? call.arrive_at, now.value)}</span>
          </p>
          <p class="soft">{say.aboard}{": "}{call.aboard && call.aboard.kg > 0 ? room(call.aboard) : say.emptyTruck}</p>
        </li>
      ))}
    </ol>
  );
}
