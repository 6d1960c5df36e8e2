import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { when } from "../logic/format";
import { mayHaul, now } from "../logic/market";
import { notes, read, write } from "../logic/net";
import { Tracker } from "../logic/tracker";
import type { Booking, Trip, Whereabouts } from "../logic/types";
import { At } from "../parts/basics";
import { GeoMap } from "../parts/map";
import { words } from "../words/words";

const hour = 3_600_000;
const fresh = 60_000;

/** One phone is in one truck: it tells of one trip. */
export const tracker = new Tracker("pinhuo.track", {
  notes,
  geolocation: typeof navigator === "undefined" ? undefined : navigator.geolocation,
  send: (trip, positions) => write(`track:${trip}`, `/v1/trips/${encodeURIComponent(trip)}/positions`, { positions }, {}, { repeats: 0 }),
});

if (typeof addEventListener === "function") addEventListener("online", () => void tracker.flush());

/** Lets a driver tell where the truck is while he has the page open. */
export function Tracking({ trip }: { trip: Trip }) {
  const { track: say } = words();
  const leaves = Date.parse(trip.plan?.[0]?.leave_at ?? "");
  const due = trip.state === "underway" || (trip.state === "open" && now.value >= leaves - hour);
  const on = tracker.trip.value === trip.id;
  if (!mayHaul.value || (!due && !on)) return null;
  const trouble = tracker.trouble.value;
  const waiting = tracker.waiting.value;
  return (
    <section class="card" aria-labelledby="tracking-title" data-testid="tracking" data-on={on}>
      <h2 id="tracking-title">{say.title}</h2>
      <p class="soft">{say.text}</p>
      <div role="status">
        {on && !trouble && (
          <p class={waiting > 1 ? "note warn" : "note good"} data-testid="tracking-told" data-waiting={waiting}>
            {tracker.told.value ? say.told(when(new Date(tracker.told.value).toISOString(), now.value)) : say.seeking}
            {waiting > 1 && ` ${say.waiting(`${waiting}`)}`}
          </p>
        )}
        {trouble && <p class="note bad" data-testid="tracking-trouble">{say.troubles[trouble]}</p>}
      </div>
      <button
        class={`button big ${on ? "quiet" : "main"}`}
        aria-pressed={on}
        onClick={() => (on ? tracker.stop() : tracker.start(trip.id))}
        data-testid="tracking-switch"
      >
        {on ? say.stop : say.start}
      </button>
    </section>
  );
}

/** Where the truck of a deal was heard of last, asked again while it is looked at. */
export function TruckNow({ booking }: { booking: Booking }) {
  const { track: say, load: loadWords } = words();
  const last = useSignal<Whereabouts | undefined>(undefined);
  useEffect(() => {
    let gone = false;
    const ask = () => {
      if (document.hidden) return;
      read<Whereabouts>(`/v1/bookings/${encodeURIComponent(booking.id)}/position`).then(
        (found) => {
          if (!gone) last.value = found;
        },
        () => undefined, // the last one known stays, with its time beside it
      );
    };
    ask();
    const timer = setInterval(ask, fresh);
    document.addEventListener("visibilitychange", ask);
    return () => {
      gone = true;
      clearInterval(timer);
      document.removeEventListener("visibilitychange", ask);
    };
  }, [booking.id]);
  const at = last.value?.position;
  if (!at) return null;
  const { pickup, delivery } = booking.load;
  return (
    <section aria-label={say.truck} data-testid="truck-now" data-lat={at.lat} data-lng={at.lng}>
      <p>{say.heard} <At time={at.at} /></p>
      <GeoMap
        label={say.truck}
        testid="truck-map"
        shown={{ marks: [
          { kind: "pickup", text: loadWords.pickup, ...pickup.place },
          { kind: "delivery", text: loadWords.delivery, ...delivery.place },
          { kind: "truck", text: say.truck, lat: at.lat, lng: at.lng },
        ] }}
      />
    </section>
  );
}
