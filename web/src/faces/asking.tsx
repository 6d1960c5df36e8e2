import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { ApiError } from "../logic/api";
import { assign, type Shown } from "../logic/faults";
import { zone } from "../logic/format";
import { bookings, face } from "../logic/market";
import { Reading, type PlaceDraft } from "../logic/loaddraft";
import { read, write } from "../logic/net";
import { capabilities, type Asking as Terms, type Capability, type Lane } from "../logic/types";
import { TaskNote, useTask } from "../parts/basics";
import { FaultSummary, focusFault, inputsOf, Text, Ticks } from "../parts/field";
import { Town } from "../parts/town";
import { words } from "../words/words";

const week = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
type Day = (typeof week)[number];

interface LaneDraft {
  name: string;
  from: PlaceDraft;
  to: PlaceDraft;
  radius: string;
  least: string;
  kg: string;
  floor: string;
  days: Day[];
  needs: Capability[];
  auto: boolean;
  /** What the form does not show of a lane stays as it is. */
  rest: Partial<Lane>;
}

interface Draft {
  hourly: string;
  from: string;
  till: string;
  ticks: ("urgent" | "driving")[];
  lanes: LaneDraft[];
  partners: string[];
  minutes: string;
}

const blankLane: LaneDraft = { name: "", from: { text: "" }, to: { text: "" }, radius: "30", least: "", kg: "", floor: "", days: [...week], needs: [], auto: false, rest: {} };

function draftOf(terms: Terms): Draft {
  return {
    hourly: terms.offers_per_hour ? String(terms.offers_per_hour) : "",
    from: terms.quiet?.from ?? "",
    till: terms.quiet?.till ?? "",
    ticks: [...(terms.quiet?.urgent ? ["urgent" as const] : []), ...(terms.while_driving ? ["driving" as const] : [])],
    lanes: (terms.lanes ?? []).map((lane) => ({
      name: lane.name,
      from: { text: lane.from.town, town: lane.from.town, lat: lane.from.lat, lng: lane.from.lng },
      to: { text: lane.to.town, town: lane.to.town, lat: lane.to.lat, lng: lane.to.lng },
      radius: String(lane.from.radius_km),
      least: lane.least_fen ? String(lane.least_fen / 100) : "",
      kg: lane.most?.kg === undefined ? "" : String(lane.most.kg),
      floor: lane.most?.floor_m === undefined ? "" : String(lane.most.floor_m),
      days: lane.days?.length ? week.filter((day) => lane.days?.includes(day)) : [...week],
      needs: lane.needs ?? [],
      auto: lane.auto ?? false,
      rest: lane,
    })),
    partners: terms.partners ?? [],
    minutes: terms.partners_min ? String(terms.partners_min) : "",
  };
}

/** Reads a whole number, 0 where nothing is written. */
const whole = (text: string): number => (text.trim() === "" ? 0 : /^\d+$/.test(text.trim()) ? Number(text.trim()) : NaN);

function termsOf(draft: Draft, carrier: boolean): { terms: Omit<Terms, "version">; faults: Shown[] } {
  const { common } = words();
  const form = new Reading(zone.value, common);
  const count = (path: string, text: string) => {
    const n = whole(text);
    if (Number.isNaN(n)) form.fault(path, common.required);
    return n;
  };
  if (!carrier) return { terms: { partners: draft.partners, partners_min: count("partners_min", draft.minutes) }, faults: form.faults };
  if (Boolean(draft.from) !== Boolean(draft.till)) form.fault(draft.from ? "quiet.till" : "quiet.from", common.required);
  const lanes = draft.lanes.map((lane, i): Lane => {
    const at = `lanes[${i}]`;
    const radius = count(`${at}.from.radius_km`, lane.radius);
    const end = (which: "from" | "to") => {
      const { lat, lng, town } = form.place(`${at}.${which}`, lane[which]);
      return { lat, lng, town, radius_km: radius };
    };
    const least = count(`${at}.least_fen`, lane.least) * 100;
    const kg = count(`${at}.most.kg`, lane.kg);
    const floor = form.number(`${at}.most.floor_m`, lane.floor, false);
    if (lane.days.length === 0) form.missing(`${at}.days`);
    return {
      ...lane.rest, name: form.text(`${at}.name`, lane.name), from: end("from"), to: end("to"), auto: lane.auto,
      least_fen: least, days: lane.days.length === week.length ? [] : lane.days, needs: lane.needs,
      most: { ...lane.rest.most, kg: kg || undefined, floor_m: floor || undefined },
    };
  });
  const terms = {
    offers_per_hour: count("offers_per_hour", draft.hourly), while_driving: draft.ticks.includes("driving"), lanes,
    ...(draft.from && draft.till ? { quiet: { from: draft.from, till: draft.till, urgent: draft.ticks.includes("urgent") } } : {}),
  };
  return { terms, faults: form.faults };
}

/** What the organization says about asking: a shipper's partners, an operator's quiet hours and lanes. */
export function Asking() {
  const { asking: say, load, common } = words();
  const carrier = face.value === "carrier";
  const kept = useSignal<Terms | undefined>(undefined);
  const draft = useSignal<Draft | undefined>(undefined);
  const faults = useSignal<Shown[]>([]);
  const saved = useSignal(false);
  const task = useTask();
  const form = useRef<HTMLFormElement>(null);
  const take = (terms: Terms) => {
    kept.value = terms;
    draft.value = draftOf(terms);
  };
  useEffect(() => void task.run(async () => take(await read<Terms>("/v1/asking"))), []);
  const d = draft.value;
  if (!d) return <TaskNote task={task} />;
  const set = (part: Partial<Draft>) => {
    saved.value = false;
    draft.value = { ...d, ...part };
  };
  const setLane = (at: number, part: Partial<LaneDraft>) => set({ lanes: d.lanes.map((lane, i) => (i === at ? { ...lane, ...part } : lane)) });
  const show = (shown: Shown[]) => {
    faults.value = shown;
    if (shown.length > 0) focusFault(form.current);
  };
  const save = () => task.run(async (how) => {
    const { terms, faults: found } = termsOf(d, carrier);
    show(found);
    if (found.length > 0) return;
    try {
      take(await write<Terms>("asking", "/v1/asking", terms, { method: "PUT", ...(kept.value?.version ? { ifMatch: kept.value.version } : {}) }, how));
      saved.value = true;
    } catch (error) {
      if (!(error instanceof ApiError) || !error.problem.field) throw error;
      show(assign(error.faults, inputsOf(form.current)));
    }
  });
  const f = faults.value;
  return (
    <form ref={form} class="form slim" noValidate data-testid="asking-form" onSubmit={(event) => {
      event.preventDefault();
      void save();
    }}>
      <h1>{say.title}</h1>
      <FaultSummary faults={f} />
      {carrier ? (
        <>
          <section class="card">
            <Text path="offers_per_hour" label={say.hourly} hint={say.hourlyHint} kind="integer" optional faults={f} value={d.hourly} onValue={(hourly) => set({ hourly })} />
            <div class="two tight">
              <Text path="quiet.from" label={say.quietFrom} kind="clock" optional faults={f} value={d.from} onValue={(from) => set({ from })} />
              <Text path="quiet.till" label={say.quietTill} kind="clock" optional faults={f} value={d.till} onValue={(till) => set({ till })} />
            </div>
            <Ticks path="asking" label={say.but} faults={f} value={d.ticks} onValue={(ticks) => set({ ticks })} options={[["urgent", say.urgent], ["driving", say.driving]]} />
          </section>
          <h2>{say.lanes}</h2>
          <p class="soft">{say.lanesText}</p>
          {d.lanes.map((lane, i) => (
            <section key={i} class="card" data-testid={`lane-${i}`}>
              <Text path={`lanes[${i}].name`} label={say.laneName} faults={f} value={lane.name} onValue={(name) => setLane(i, { name })} />
              <Town path={`lanes[${i}].from`} label={say.laneFrom} faults={f} value={lane.from} onValue={(from) => setLane(i, { from })} />
              <Town path={`lanes[${i}].to`} label={say.laneTo} faults={f} value={lane.to} onValue={(to) => setLane(i, { to })} />
              <div class="two tight">
                <Text path={`lanes[${i}].from.radius_km`} label={say.radius} kind="integer" faults={f} value={lane.radius} onValue={(radius) => setLane(i, { radius })} />
                <Text path={`lanes[${i}].least_fen`} label={say.least} kind="integer" optional faults={f} value={lane.least} onValue={(least) => setLane(i, { least })} />
              </div>
              <div class="two tight">
                <Text path={`lanes[${i}].most.kg`} label={say.mostKg} kind="integer" optional faults={f} value={lane.kg} onValue={(kg) => setLane(i, { kg })} />
                <Text path={`lanes[${i}].most.floor_m`} label={say.mostFloor} kind="decimal" optional faults={f} value={lane.floor} onValue={(floor) => setLane(i, { floor })} />
              </div>
              <Ticks path={`lanes[${i}].days`} label={say.days} faults={f} value={lane.days} onValue={(days) => setLane(i, { days })} options={week.map((day) => [day, say.week[day]] as const)} />
              <details>
                <summary>{say.laneNeeds}</summary>
                <Ticks path={`lanes[${i}].needs`} label={say.laneNeeds} faults={f} value={lane.needs} onValue={(needs) => setLane(i, { needs })} options={capabilities.map((one) => [one, words().needs[one]] as const)} />
              </details>
              <Ticks path={`lanes[${i}].auto`} label={say.autoTitle} faults={f} value={lane.auto ? ["auto"] : []} onValue={(on) => setLane(i, { auto: on.length > 0 })} options={[["auto", say.auto]]} />
              <button type="button" class="button bad-quiet" onClick={() => set({ lanes: d.lanes.filter((_, k) => k !== i) })}>{say.dropLane}</button>
            </section>
          ))}
          <button type="button" class="button" data-testid="add-lane" onClick={() => set({ lanes: [...d.lanes, blankLane] })}>{say.addLane}</button>
        </>
      ) : (
        <Partners draft={d} names={kept.value?.names ?? {}} faults={f} set={set} />
      )}
      <TaskNote task={task} />
      {saved.value && <p class="note good" role="status">{say.saved}</p>}
      <div class="row wrap">
        <button class="button main" disabled={task.busy.value} data-testid="submit-asking">{load.save}</button>
        <a class="button" href="/">{common.cancel}</a>
      </div>
    </form>
  );
}

/** A shipper's partners, to be chosen among the operators that it has had a deal with. */
function Partners({ draft, names, faults, set }: { draft: Draft; names: Record<string, string>; faults: Shown[]; set: (part: Partial<Draft>) => void }) {
  const { asking: say } = words();
  const known = new Map(Object.entries(names));
  for (const { carrier } of bookings.list()) if (carrier?.id) known.set(carrier.id, carrier.name);
  return (
    <section class="card">
      <p class="soft">{say.partnersText}</p>
      {known.size === 0 && <p class="soft">{say.partnersNone}</p>}
      <Ticks path="partners" label={say.partners} faults={faults} value={draft.partners} onValue={(partners) => set({ partners })} options={[...known]} />
      <Text path="partners_min" label={say.minutes} hint={say.minutesHint} kind="integer" optional faults={faults} value={draft.minutes} onValue={(minutes) => set({ minutes })} />
    </section>
  );
}
