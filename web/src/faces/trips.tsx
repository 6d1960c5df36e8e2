import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { between, km, money, room, span, when } from "../logic/format";
import { further, mayHaul, missing, now, readOn, reread, trips, want } from "../logic/market";
import { write } from "../logic/net";
import { toast } from "../logic/toast";
import type { Trip } from "../logic/types";
import { BackLink, Confirm, Empty, Fact, Pill, Route, Split, TaskNote, useTask } from "../parts/basics";
import { Segments } from "../parts/field";
import { Drives, StillTrue } from "../parts/still";
import { vehicleCareText } from "../parts/care";
import { word, words } from "../words/words";
import { Outlook } from "./outlook";
import { Tracking } from "./track";
import { Haul } from "./haul";
import { WayHomeCard } from "./wayhome";
import { Plan, TripMap } from "./plan";

const over = new Set(["completed", "cancelled"]);
const isLoaded = (trip: Trip) => (trip.plan ?? []).some((call) => call.load_id);

/** The state in which the trip is shown: an open one that has deals is told apart. */
const standing = (trip: Trip) => (trip.state === "open" && isLoaded(trip) ? "loaded" : trip.state);

const isLive = (trip: Trip) => !over.has(trip.state);

function tone(trip: Trip): string {
  return trip.state === "open" ? "busy" : trip.state === "underway" ? "good" : trip.state === "overdue" || trip.state === "stopped" ? "warn" : "quiet";
}

/** Where a trip leads; a free-roaming one has no destination. */
export function TripRoute({ trip }: { trip: Trip }) {
  const first = trip.stops[0]?.place.town ?? "";
  const last = trip.stops.length > 1 ? trip.stops[trip.stops.length - 1]?.place.town : undefined;
  return <Route from={first} to={last ?? words().trip.roamingShort} />;
}

/** An operator's trips, with the one chosen beside them. */
export function Trips({ id }: { id?: string | undefined }) {
  const { trip: say, common } = words();
  const all = trips.list();
  const chosen = id ? trips.get(id) : undefined;
  const tab = useSignal<"live" | "ended">(chosen && !isLive(chosen) ? "ended" : "live");
  const rows = all.filter((trip) => isLive(trip) === (tab.value === "live"));
  const more = useTask();
  return (
    <Split
      list={
        <section aria-labelledby="trips-title">
          <div class="row between head">
            <h1 id="trips-title">{say.list}</h1>
            {mayHaul.value && <a class="button main" href="/trips/new" data-testid="post-trip">{say.post}</a>}
          </div>
          <Segments name="trips-tab" label={say.list} value={tab.value} onValue={(next) => (tab.value = next)} options={[["live", say.tabs.live], ["ended", say.tabs.ended]]} />
          {rows.length === 0 ? (
            <Empty title={say.empty} text={say.emptyText} />
          ) : (
            <ul class="rows" aria-live="polite" data-testid="trip-list">
              {rows.map((trip) => <TripRow key={trip.id} trip={trip} chosen={trip.id === id} />)}
            </ul>
          )}
          {further.value["trips"] && (
            <button class="button quiet" disabled={more.busy.value} onClick={() => more.run(() => readOn("trips"))}>{common.more}</button>
          )}
          <TaskNote task={more} />
        </section>
      }
      detail={id && <TripDetail key={id} id={id} />}
    />
  );
}

function TripRow({ trip, chosen }: { trip: Trip; chosen: boolean }) {
  const { trip: say } = words();
  return (
    <li>
      <a
        href={`/trips/${trip.id}`}
        class={`load-row ${chosen ? "chosen" : ""}`}
        {...(chosen && { "aria-current": "true" as const })}
        data-testid="trip-row"
        data-id={trip.id}
        data-state={trip.state}
      >
        <span class="row between"><TripRoute trip={trip} /><Pill tone={tone(trip)}>{word(say.states, standing(trip))}</Pill></span>
        <span class="row wrap soft"><span>{trip.vehicle.plate?.number}</span><span>{trip.rooms[0] && room(trip.rooms[0])}</span></span>
        {trip.unconfirmed_since && <span class="late" data-testid="row-doubt">{words().goods.unconfirmed.carrier}</span>}
        <span class="soft">{between(spanOf(trip), now.value)}</span>
      </a>
    </li>
  );
}

function spanOf(trip: Trip): { open: string; close: string } | undefined {
  const open = trip.stops[0]?.window.open;
  const close = trip.horizon ?? trip.stops[trip.stops.length - 1]?.window.close;
  return open && close ? { open, close } : undefined;
}

function TripDetail({ id }: { id: string }) {
  const { trip: say, types, colours, needs, common } = words();
  const trip = trips.get(id);
  useEffect(() => want("trips", id), [id]);
  if (!trip) {
    return missing.value.has(`trips/${id}`)
      ? <div><BackLink to="/trips" /><p class="note bad">{common.notFound}</p></div>
      : <div class="skeleton" />;
  }
  const { vehicle, limits } = trip;
  const least = trip.least_fen ? say.leastIs(money(trip.least_fen)) : say.anyPrice;
  return (
    <article data-testid="trip-detail" data-id={trip.id} data-state={trip.state}>
      <BackLink to="/trips" />
      <div class="row between wrap head">
        <h1><TripRoute trip={trip} /></h1>
        <Pill tone={tone(trip)}><span role="status">{word(say.states, standing(trip))}</span></Pill>
      </div>
      <Drives of={trip} put={(next) => trips.put(next)} />
      <StillTrue kind="trips" of={trip} lapsed={trip.state === "lapsed" && Date.parse(trip.lease ?? "") > now.value} put={(next) => trips.put(next)} />
      <Haul trip={trip} />
      <Tracking trip={trip} />
      <Outlook trip={trip} />
      <WayHomeCard trip={trip} />
      <section class="card">
        <h2>{say.plan}</h2>
        <TripMap trip={trip} />
        <Plan calls={trip.plan ?? []} />
        {trip.detour && trip.detour.metres > 0 && <p class="soft">{say.detourNow} {km(trip.detour.metres)} · {span(trip.detour.seconds)}</p>}
      </section>
      <section class="card">
        <dl class="facts">
          <Fact term={say.vehicle}>{[vehicle.plate?.number, word(colours, vehicle.plate?.colour), word(types, vehicle.type)].filter(Boolean).join(" · ")}</Fact>
          <Fact term={say.has}>{(vehicle.has ?? []).map((one) => word(needs, one)).join(" · ")}</Fact>
          <Fact term={words().care.vehicle}>{vehicleCareText(vehicle)}</Fact>
          <Fact term={say.room}>{trip.rooms.map((one) => room(one)).join(" / ")}</Fact>
          <Fact term={say.limits}>
            {trip.roaming || !limits ? say.limitsRoaming(`${limits?.extra_stops ?? ""}`, least) : say.limitsSummary(`${limits.detour_km}`, `${limits.detour_min}`, `${limits.extra_stops}`, least)}
          </Fact>
          <Fact term={say.own}>{trip.direct && trip.direct.metres > 0 && `${km(trip.direct.metres)} · ${span(trip.direct.seconds)}`}</Fact>
          <Fact term={say.home}>{trip.home?.town}</Fact>
          <Fact term={words().wayHome.after}>{trip.after && <a href={`/trips/${trip.after}`} data-testid="after-trip">{words().wayHome.first}</a>}</Fact>
          <Fact term={say.horizonShort}>{trip.horizon && when(trip.horizon, now.value)}</Fact>
        </dl>
        {trip.router && <p class="hint">{words().load.measured(trip.router.method, trip.router.version)}</p>}
      </section>
      <Actions trip={trip} />
    </article>
  );
}

function Actions({ trip }: { trip: Trip }) {
  const { trip: say, common } = words();
  const asking = useSignal(false);
  const task = useTask();
  if (!mayHaul.value) return null;
  const cancel = () =>
    task.run(async (how) => {
      try {
        trips.put(await write<Trip>(`cancel:${trip.id}`, `/v1/trips/${encodeURIComponent(trip.id)}/cancel`, {}, {}, how));
        toast(say.cancelled);
      } catch (error) {
        reread(`trips/${trip.id}`);
        throw error;
      }
    });
  const loaded = isLoaded(trip);
  const simple = trip.stops.length <= 2;
  const mayEdit = (trip.state === "open" || trip.state === "announced") && !loaded;
  const mayRenew = (trip.state === "cancelled" || trip.state === "lapsed") && !loaded;
  return (
    <div class="actions">
      <TaskNote task={task} />
      <div class="row wrap">
        {simple && !trip.roaming && <a class="button" href={`/trips/new?back=${trip.id}`} data-testid="back-trip">{say.back}</a>}
        {mayEdit && <a class="button" href={`/trips/${trip.id}/edit`} data-testid="edit-trip">{common.edit}</a>}
        {mayRenew && <a class="button main" href={`/trips/${trip.id}/renew`} data-testid="renew-trip">{say.renew}</a>}
        {isLive(trip) && (
          <button class="button bad-quiet" disabled={task.busy.value} onClick={() => (asking.value = true)} data-testid="cancel-trip">{say.cancel}</button>
        )}
      </div>
      {isLive(trip) && !mayEdit && <p class="hint">{say.restricted}</p>}
      {asking.value && (
        <Confirm title={say.cancelAsk} text={say.cancelText} yes={say.cancel} onYes={() => void cancel()} onClose={() => (asking.value = false)} />
      )}
    </div>
  );
}
