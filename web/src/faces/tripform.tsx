import { useSignal } from "@preact/signals";
import { useMemo, useRef } from "preact/hooks";
import { ApiError } from "../logic/api";
import { Base } from "../logic/base";
import { vehicleDraft } from "../logic/caredraft";
import { decimal } from "../logic/decimal";
import { assign, type Shown } from "../logic/faults";
import { money, zone, zoneName } from "../logic/format";
import { clock, me, missing, outlooks, reread, trips, vehicles, want, wantOutlook, wantWayHome, wayHomes } from "../logic/market";
import { notes, read, write } from "../logic/net";
import { toast } from "../logic/toast";
import { go, place } from "../logic/router";
import { arrival, blankTrip, homeDraft, laterTrip, legsOf, share, tripDraft, tripTerms, wayBack, type RoomDraft, type TripDraft, type ViaDraft } from "../logic/tripdraft";
import { withTripRemedy, type TripChange } from "../logic/tripremedy";
import { capabilities, plateColours, vehicleTypes, type Trip, type Vehicle } from "../logic/types";
import { BackLink, Overtaken, TaskNote, useTask } from "../parts/basics";
import { VehicleCareFields } from "../parts/care";
import { FaultSummary, focusFault, inputsOf, Select, Text, Ticks } from "../parts/field";
import { Town } from "../parts/town";
import { words } from "../words/words";

const lastNote = "pinhuo.last.trip";

function lastTrip(): TripDraft | undefined {
  try {
    const kept = JSON.parse(notes.getItem(lastNote) ?? "null") as { org: string; draft: TripDraft } | null;
    return kept && kept.org === me.peek()?.org.id ? kept.draft : undefined;
  } catch {
    return undefined;
  }
}

type Purpose = { kind: "post" } | { kind: "edit" | "renew"; trip: Trip };

/** The form for announcing a trip, or, with an id, for editing or renewing one. */
export function TripForm({ id, renew }: { id?: string; renew?: boolean }) {
  const home = place.value.query.get("home") ?? undefined;
  const back = place.value.query.get("back") ?? home;
  const source = id ?? back;
  const trip = source ? trips.get(source) : undefined;
  if (source && !trip) {
    want("trips", source);
    return <div class="skeleton" />;
  }
  const at = zone.peek();
  const wanted = id !== undefined && place.value.query.has("remedy");
  const why = wanted ? outlooks.value.get(id) : undefined;
  if (wanted && !why && !missing.value.has(`outlook/${id}`)) {
    wantOutlook(id);
    return <div class="skeleton" />;
  }
  if (id && trip) {
    const stated = tripDraft(trip, at);
    const draft = why?.remedy ? withTripRemedy(stated, why.remedy as TripChange, at) : stated;
    return <Form key={`${id}${renew}`} purpose={{ kind: renew ? "renew" : "edit", trip }} initial={renew ? laterTrip(draft, clock.now(), at) : draft} />;
  }
  const way = home ? wayHomes.value.get(home) : undefined;
  if (home && trip && way) {
    return <Form key={`home ${home}`} purpose={{ kind: "post" }} initial={homeDraft(trip, way, at)} />;
  }
  if (home && !missing.value.has(`reload/${home}`)) {
    wantWayHome(home);
    return <div class="skeleton" />;
  }
  const initial = trip ? laterTrip(wayBack(tripDraft(trip, at), at), clock.now(), at) : blankTrip(clock.now(), at, lastTrip() ?? lastVehicle());
  return <Form key={back ?? "new"} purpose={{ kind: "post" }} initial={initial} />;
}

/** A first form with the organization's newest vehicle, where it has one. */
function lastVehicle(): TripDraft | undefined {
  const vehicle = vehicles.peek()[0];
  return vehicle && { ...blankTrip(clock.now(), zone.peek()), ...ofVehicle(vehicle) };
}

function ofVehicle(vehicle: Vehicle): Pick<TripDraft, "plate" | "colour" | "type" | "has" | "care" | "known"> {
  return { care: vehicleDraft(vehicle), plate: vehicle.plate?.number ?? "", colour: vehicle.plate?.colour ?? "yellow", type: vehicle.type, has: vehicle.has ?? [], known: vehicle };
}

interface Part {
  draft: TripDraft;
  faults: Shown[];
  set: (part: Partial<TripDraft>) => void;
}

function Form({ purpose, initial }: { purpose: Purpose; initial: TripDraft }) {
  const { trip: say, common } = words();
  const draft = useSignal(initial);
  const faults = useSignal<Shown[]>([]);
  const arriveTyped = useRef(purpose.kind !== "post");
  const task = useTask();
  const form = useRef<HTMLFormElement>(null);
  const fresh = purpose.kind === "post";
  const base = useMemo(() => new Base(purpose.kind === "post" ? 0 : purpose.trip.version), []);
  const title = { post: say.postTitle, edit: say.editTitle, renew: say.renewTitle }[purpose.kind];

  const set = (part: Partial<TripDraft>) => {
    const next = { ...draft.value, ...part };
    if ("arrive" in part) arriveTyped.current = true;
    if (!arriveTyped.current) next.arrive = arrival(next, zone.value);
    draft.value = next;
  };
  const show = (shown: Shown[]) => {
    faults.value = shown;
    if (shown.length > 0) focusFault(form.current);
  };
  const submit = () =>
    task.run(async (how) => {
      const filled = tripTerms(draft.value, zone.value, common);
      show(filled.faults);
      if (filled.faults.length > 0) return;
      try {
        const trip = await send(purpose, base, filled.terms, how);
        if (!trip) return;
        trips.put(trip);
        reread("vehicles/");
        notes.setItem(lastNote, JSON.stringify({ org: me.peek()?.org.id, draft: { ...draft.value, known: trip.vehicle } }));
        toast(purpose.kind === "edit" ? say.saved : say.announced, "good");
        go(`/trips/${trip.id}`, !fresh);
      } catch (error) {
        if (!(error instanceof ApiError) || !error.problem.field) throw error;
        show(assign(error.faults, inputsOf(form.current)));
      }
    });
  const part = { draft: draft.value, faults: faults.value, set };
  return (
    <form
      ref={form}
      class="form slim"
      noValidate
      data-testid="trip-form"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <BackLink to={fresh ? "/trips" : `/trips/${purpose.trip.id}`} />
      <h1>{title}</h1>
      <FaultSummary faults={faults.value} />
      <section class="card"><VehicleFields {...part} /></section>
      <section class="card"><RouteFields {...part} /></section>
      <section class="card"><RoomFields {...part} /></section>
      <LimitFields {...part} />
      <div class="submit">
        <TaskNote task={task} />
        <Overtaken base={base} />
        <button class="button main big" disabled={task.busy.value} data-testid="submit-trip">
          {task.busy.value ? common.sending : purpose.kind === "edit" ? say.save : say.submit}
        </button>
      </div>
    </form>
  );
}

function send(purpose: Purpose, base: Base, terms: unknown, how: object): Promise<Trip | undefined> {
  if (purpose.kind === "post") return write<Trip>("announce", "/v1/trips", terms, {}, how);
  const { id } = purpose.trip;
  const at = `/v1/trips/${encodeURIComponent(id)}`;
  if (purpose.kind === "renew") return write<Trip>(`renew:${id}`, `${at}/renew`, terms, {}, how);
  return base.send(
    (ifMatch) => write<Trip>(`edit:${id}`, at, terms, { method: "PUT", ifMatch }, how),
    async () => (await read<Trip>(at)).version,
  );
}

function VehicleFields({ draft: d, faults, set }: Part) {
  const { trip: say, types, colours, needs } = words();
  const fleet = vehicles.value;
  const other = "";
  const chosen = fleet.find((v) => v.plate?.number === d.plate && v.plate.colour === d.colour);
  const typing = useSignal(chosen === undefined);
  const pick = (key: string) => {
    const vehicle = fleet.find((v) => keyOf(v) === key);
    typing.value = vehicle === undefined;
    if (!vehicle) return set({ plate: "", known: undefined });
    const next = ofVehicle(vehicle);
    set({ ...next, ...share(next, 1) });
  };
  const options = [...fleet.map((v) => [keyOf(v), `${v.plate?.number} · ${types[v.type] ?? v.type}`] as const), [other, say.newVehicle] as const];
  const forget = (part: Partial<TripDraft>) => {
    const next = { ...d, ...part, known: undefined };
    set({ ...part, known: undefined, ...(part.type && share(next, 1)) });
  };
  return (
    <>
      {fleet.length > 0 && (
        <Select path="vehicle" label={say.vehicle} faults={faults} value={typing.value ? other : chosen ? keyOf(chosen) : other} onValue={pick} options={options} />
      )}
      {(typing.value || fleet.length === 0) && (
        <>
          <div class="two tight">
            <Text path="vehicle.plate.number" label={say.plate} hint={say.plateHint} faults={faults} value={d.plate} onValue={(plate) => forget({ plate })} />
            <Select path="vehicle.plate.colour" label={say.colour} faults={faults} value={d.colour} onValue={(colour) => forget({ colour })} options={plateColours.map((c) => [c, colours[c]] as const)} />
          </div>
          <Select path="vehicle.type" label={say.type} faults={faults} value={d.type} onValue={(type) => forget({ type })} options={vehicleTypes.map((t) => [t, types[t]] as const)} />
          <VehicleCareFields draft={d.care} faults={faults} set={(part) => set({ care: { ...d.care, ...part } })} />
          <Ticks path="vehicle.has" label={say.has} faults={faults} value={d.has} onValue={(has) => set({ has })} options={capabilities.map((c) => [c, needs[c]] as const)} />
        </>
      )}
    </>
  );
}

function keyOf(v: Vehicle): string {
  return `${v.plate?.number} ${v.plate?.colour}`;
}

function RouteFields({ draft: d, faults, set }: Part) {
  const { trip: say, units } = words();
  const slacks = [...new Set(["0", "0.5", "1", "2", "4", d.slackH])].sort((a, b) => Number(a) - Number(b));
  const last = d.vias.length + 1;
  return (
    <>
      <Town path="stops[0].place" label={say.from} faults={faults} value={d.from} onValue={(from) => set({ from })} />
      {!d.roaming && <ViaFields draft={d} faults={faults} set={set} />}
      {!d.roaming && <Town path={`stops[${last}].place`} label={say.to} faults={faults} value={d.to} onValue={(to) => set({ to })} />}
      <div class="row between wrap">
        <label class="tick">
          <input type="checkbox" name="roaming" data-testid="in-roaming" checked={d.roaming} onChange={() => set({ roaming: !d.roaming, vias: [], perLeg: false })} />
          <span>{say.roaming}</span>
        </label>
        {!d.roaming && d.vias.length < mostVias && (
          <button type="button" class="button quiet" data-testid="add-via" onClick={() => set({ vias: [...d.vias, { place: { text: "" }, by: "" }] })}>+ {say.addVia}</button>
        )}
      </div>
      <div class="two tight">
        <Text path="stops[0].window.open" label={say.depart(zoneName())} kind="time" faults={faults} value={d.depart} onValue={(depart) => set({ depart })} />
        <Text
          path={d.roaming ? "horizon" : `stops[${last}].window.close`}
          label={d.roaming ? say.horizon(zoneName()) : say.arrive(zoneName())}
          kind="time"
          faults={faults}
          value={d.arrive}
          onValue={(arrive) => set({ arrive })}
        />
      </div>
      <div class="narrow">
        <Select
          path="stops[0].window.close"
          label={say.departSlack}
          faults={faults}
          value={d.slackH}
          onValue={(slackH) => set({ slackH })}
          options={slacks.map((h) => [h, Number(h) < 1 ? units.minutes(Math.round(Number(h) * 60)) : units.hours(Math.floor(Number(h)), Math.round((Number(h) % 1) * 60))] as const)}
        />
      </div>
    </>
  );
}

const mostVias = 8;

/** The trip's own stops between its ends, in order. */
function ViaFields({ draft: d, faults, set }: Part) {
  const { trip: say } = words();
  const change = (i: number, part: Partial<ViaDraft>) => set({ vias: d.vias.map((via, k) => (k === i ? { ...via, ...part } : via)) });
  const remove = (i: number) => set({ vias: d.vias.filter((_, k) => k !== i), legs: d.legs.filter((_, k) => k !== i) });
  return (
    <>
      {d.vias.map((via, i) => (
        <div class="via-fields" role="group" aria-label={say.via(i + 1)} key={i} data-testid={`via-${i}`}>
          <Town path={`stops[${i + 1}].place`} label={say.via(i + 1)} faults={faults} value={via.place} onValue={(place) => change(i, { place })} />
          <Text path={`stops[${i + 1}].window.close`} label={say.viaBy(zoneName())} kind="time" optional faults={faults} value={via.by} onValue={(by) => change(i, { by })} />
          <button type="button" class="button quiet icon" aria-label={say.removeVia(i + 1)} data-testid={`remove-via-${i}`} onClick={() => remove(i)}>×</button>
        </div>
      ))}
    </>
  );
}

function RoomFields({ draft: d, faults, set }: Part) {
  const { trip: say } = words();
  const parts = [[1, say.whole], [0.5, say.half], [0.25, say.quarter]] as const;
  const legs = legsOf(d);
  const names = [d.from, ...d.vias.map((via) => via.place), d.to].map((place, i) => place.town ?? `${i + 1}`);
  const shown = d.perLeg ? legs : legs.slice(0, 1);
  const change = (i: number, part: Partial<RoomDraft>) => {
    if (i === 0) return set(part);
    set({ legs: legs.slice(1).map((leg, k) => (k + 1 === i ? { ...leg, ...part } : leg)) });
  };
  return (
    <>
      <div class="row between wrap">
        <h2 class="small">{say.room}</h2>
        <div class="row chips" role="group" aria-label={say.room}>
          {parts.map(([part, text]) => (
            <button type="button" class="chip" key={text} data-testid={`share-${part * 100}`} onClick={() => set({ ...share(d, part), legs: [] })}>{text}</button>
          ))}
        </div>
      </div>
      {shown.map((leg, i) => (
        <div role="group" key={i} {...(d.perLeg && { "aria-label": say.legRoom(names[i] ?? "", names[i + 1] ?? "") })} data-testid={`leg-${i}`}>
          {d.perLeg && <h3>{say.legRoom(names[i] ?? "", names[i + 1] ?? "")}</h3>}
          <div class="three">
            <Text path={`rooms[${i}].kg`} label={say.roomKg} kind="decimal" faults={faults} value={leg.kg} onValue={(kg) => change(i, { kg })} />
            <Text path={`rooms[${i}].litres`} label={say.roomM3} kind="decimal" faults={faults} value={leg.m3} onValue={(m3) => change(i, { m3 })} />
            <Text path={`rooms[${i}].floor_m`} label={say.roomFloor} kind="decimal" faults={faults} value={leg.floor} onValue={(floor) => change(i, { floor })} />
          </div>
        </div>
      ))}
      {d.vias.length > 0 && (
        <label class="tick">
          <input type="checkbox" name="per-leg" data-testid="in-per-leg" checked={d.perLeg} onChange={() => set({ perLeg: !d.perLeg, legs: legs.slice(1) })} />
          <span>{say.perLeg}</span>
        </label>
      )}
    </>
  );
}

function LimitFields({ draft: d, faults, set }: Part) {
  const { trip: say } = words();
  const least = decimal(d.least);
  const price = least ? say.leastIs(money(Math.round(least * 100))) : say.anyPrice;
  const summary = d.roaming ? say.limitsRoaming(d.extraStops, price) : say.limitsSummary(d.detourKm, d.detourMin, d.extraStops, price);
  return (
    <details class="card" data-testid="trip-limits">
      <summary>{say.limits}<span class="line soft">{summary}</span></summary>
      <div class="two">
        {!d.roaming && <Text path="limits.detour_km" label={say.detourKm} kind="decimal" faults={faults} value={d.detourKm} onValue={(detourKm) => set({ detourKm })} />}
        {!d.roaming && <Text path="limits.detour_min" label={say.detourMin} kind="decimal" faults={faults} value={d.detourMin} onValue={(detourMin) => set({ detourMin })} />}
        <Select path="driver_hours" label={say.crew} hint={say.crewHint} faults={faults} value={d.crew ?? ""} onValue={(crew) => set({ crew, hours: undefined })} options={[["", say.crews.none], ["1", say.crews.one], ["2", say.crews.two]]} />
        <Text path="limits.extra_stops" label={say.extraStops} hint={say.extraStopsHint} kind="integer" faults={faults} value={d.extraStops} onValue={(extraStops) => set({ extraStops })} />
        <Ticks path="book_now" label={say.bookNow} faults={faults} value={d.bookNow ? ["book_now"] : []} onValue={(list: string[]) => set({ bookNow: list.length > 0 })} options={[["book_now", say.bookNowText] as const]} />
        <Text path="least_fen" label={say.least} optional kind="decimal" faults={faults} value={d.least} onValue={(value) => set({ least: value })} />
      </div>
      <Town path="home" label={say.home} faults={faults} value={d.home ?? { text: "" }} onValue={(home) => set({ home })} />
      <p class="hint">{say.homeHint}</p>
    </details>
  );
}
