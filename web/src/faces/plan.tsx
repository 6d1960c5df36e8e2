import { km, room, span, when } from "../logic/format";
import { now } from "../logic/market";
import type { Call } from "../logic/types";
import { word, words } from "../words/words";

/** The stops of a trip in driving order, its own and those of the loads it carries. */
export function Plan({ calls }: { calls: Call[] }) {
  const { trip: say } = words();
  return (
    <ol class="plan" data-testid="trip-plan">
      {calls.map((call, i) => (
        <li key={`${call.kind}${call.load_id ?? i}`} class={call.kind} data-testid="plan-call" data-kind={call.kind}>
          {i > 0 && <p class="leg soft">{say.leg(km(call.leg_m ?? 0), span(call.leg_s ?? 0))}</p>}
          <p class="row between">
            <b>{word(say.calls, call.kind)} {call.town}</b>
            <span>{when(call.start_at ?? call.arrive_at, now.value)}</span>
          </p>
          <p class="soft">{say.aboard}{": "}{call.aboard && call.aboard.kg > 0 ? room(call.aboard) : say.emptyTruck}</p>
        </li>
      ))}
    </ol>
  );
}
