import { usualVehicle, vehicleCare, vehicleDraft, type VehicleDraft } from "./caredraft";
import type { Words } from "../words/words";
import { Reading, type PlaceDraft } from "./loaddraft";
import type { Shown } from "./faults";
import { scaledUp } from "./decimal";
import type { Capability, DriverHours, PlateColour, Room, Stop, Trip, TripTerms, Vehicle, VehicleType, WayHome } from "./types";
import { daysBetween, fromLocal, onDay, toLocal, toRFC3339 } from "./zone";

/** Room as it is typed. */
export interface RoomDraft {
  kg: string;
  m3: string;
  floor: string;
}

/** A stop of the trip's own between its ends. */
export interface ViaDraft {
  place: PlaceDraft;
  /** The latest arrival as a wall clock; "" is that of the whole trip. */
  by: string;
}

/** A trip as it stands in the form. */
export interface TripDraft {
  plate: string;
  colour: PlateColour;
  type: VehicleType;
  has: Capability[];
  care: VehicleDraft;
  /** The vehicle as the server knows it, where one was chosen. */
  known?: Vehicle | undefined;
  roaming: boolean;
  from: PlaceDraft;
  to: PlaceDraft;
  vias: ViaDraft[];
  /** Room on the legs after the first, where they differ. */
  perLeg: boolean;
  legs: RoomDraft[];
  depart: string;
  slackH: string;
  arrive: string;
  kg: string;
  m3: string;
  floor: string;
  detourKm: string;
  detourMin: string;
  extraStops: string;
  least: string;
  /** Where the vehicle belongs, and the trip at whose end this one begins. */
  home?: PlaceDraft | undefined;
  after?: string | undefined;
  /** Whether firms may book it without asking. */
  bookNow?: boolean;
  /** Drivers who keep to four hours at the wheel; "" leaves it to the market. */
  crew?: "" | "1" | "2";
  /** Rules of a known trip, until another crew is chosen. */
  hours?: DriverHours | undefined;
}

/** What an empty vehicle of a type usually holds: proposals, the person's figures count. */
export const typical: Record<VehicleType, Room> = {
  van: { kg: 1000, litres: 5880, floor_m: 1.75 },
  "4.2m": { kg: 1800, litres: 18_300, floor_m: 3.63 },
  "6.8m": { kg: 10_000, litres: 38_000, floor_m: 6.6 },
  "9.6m": { kg: 18_000, litres: 57_000, floor_m: 9.5 },
  "13m": { kg: 30_000, litres: 82_000, floor_m: 12.9 },
  "17.5m": { kg: 32_000, litres: 131_500, floor_m: 20.3 },
};

const deck = 2.4;

/** What the vehicle holds when empty. */
export function holds(draft: Pick<TripDraft, "type" | "known">): Room {
  const usual = typical[draft.type];
  const inner = draft.known?.inner;
  if (!inner) return { ...usual, kg: draft.known?.payload_kg ?? usual.kg };
  const down = (n: number) => Math.floor(Math.round(n * 1e6) / 1e6);
  const area = inner.length_m * inner.width_m;
  return {
    kg: draft.known?.payload_kg ?? usual.kg,
    litres: down(area * inner.height_m * 1000),
    floor_m: down((area / deck) * 100) / 100,
  };
}

/** The texts of the room inputs for a share of the vehicle. */
export function share(draft: Pick<TripDraft, "type" | "known">, part: number): Pick<TripDraft, "kg" | "m3" | "floor"> {
  const room = holds(draft);
  const text = (n: number, step: number) => String(Math.floor((n * part) / step + 1e-9) * step).slice(0, 8);
  return {
    kg: text(room.kg, 10),
    m3: String(Math.floor((room.litres * part) / 100) / 10),
    floor: String(Math.floor(room.floor_m * part * 10 + 1e-9) / 10),
  };
}

/** A blank form with the last trip's vehicle and limits. */
export function blankTrip(now: number, zone: string, last?: TripDraft): TripDraft {
  const depart = toLocal(Math.ceil((now + 1_800_000) / 1_800_000) * 1_800_000, zone);
  const vehicle = last ?? { plate: "", colour: "yellow" as const, type: "9.6m" as const, has: [], care: usualVehicle };
  return {
    ...{ detourKm: "30", detourMin: "60", extraStops: "4", least: "", slackH: "1", ...last },
    plate: vehicle.plate,
    colour: vehicle.colour,
    type: vehicle.type,
    has: vehicle.has,
    care: vehicle.care ?? usualVehicle,
    roaming: false,
    after: undefined,
    from: { text: "" },
    to: { text: "" },
    vias: [],
    perLeg: false,
    legs: [],
    depart,
    arrive: toLocal((fromLocal(depart, zone) ?? now) + 10 * 3_600_000, zone),
    ...share(vehicle, 1),
  };
}

/**
 * The latest arrival that the form proposes: the drive by the great circle with a usual
 * share of bends at 45 km/h, half as much again and three hours for loads on the way,
 * rounded up to half an hour. Only a proposal: the server measures the road.
 */
export function arrival(draft: TripDraft, zone: string): string {
  const depart = fromLocal(draft.depart, zone);
  if (depart === undefined) return draft.arrive;
  const way = [draft.from, ...draft.vias.map((via) => via.place).filter((place) => place.town !== undefined), draft.to];
  const km = way.slice(1).reduce((sum, to, i) => sum + greatCircleKM(way[i] ?? to, to), 0) * 1.35;
  const hours = draft.roaming ? 10 : Number(draft.slackH) + (km / 45) * 1.5 + 3;
  return toLocal(Math.ceil((depart + hours * 3_600_000) / 1_800_000) * 1_800_000, zone);
}

function greatCircleKM(a: PlaceDraft, b: PlaceDraft): number {
  if (a.lat === undefined || a.lng === undefined || b.lat === undefined || b.lng === undefined) return 0;
  const rad = Math.PI / 180;
  const h = Math.sin(((b.lat - a.lat) * rad) / 2) ** 2 +
    Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * Math.sin(((b.lng - a.lng) * rad) / 2) ** 2;
  return 12742 * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** The form of a known trip, for editing it. */
export function tripDraft(trip: Trip, zone: string): TripDraft {
  const first = trip.stops[0];
  const last = trip.stops[trip.stops.length - 1];
  const [room, ...legs] = trip.rooms.map(roomDraft);
  const at = (stop: Stop | undefined): PlaceDraft => (stop ? placeDraft(stop.place) : { text: "" });
  const slack = first ? (Date.parse(first.window.close) - Date.parse(first.window.open)) / 3_600_000 : 0;
  const end = trip.roaming ? trip.horizon : last?.window.close;
  return {
    plate: trip.vehicle.plate?.number ?? "",
    colour: trip.vehicle.plate?.colour ?? "yellow",
    type: trip.vehicle.type,
    has: trip.vehicle.has ?? [],
    care: vehicleDraft(trip.vehicle),
    known: trip.vehicle,
    roaming: trip.roaming ?? false,
    from: at(first),
    to: at(trip.stops.length > 1 ? last : undefined),
    vias: trip.stops.slice(1, -1).map((stop) => ({ place: at(stop), by: stop.window.close === end ? "" : toLocal(Date.parse(stop.window.close), zone) })),
    perLeg: legs.some((leg) => JSON.stringify(leg) !== JSON.stringify(room)),
    legs,
    depart: toLocal(Date.parse(first?.window.open ?? ""), zone),
    slackH: String(Math.max(0, Math.round(slack * 100) / 100)),
    arrive: toLocal(Date.parse(end ?? ""), zone),
    ...(room ?? roomDraft({ kg: 0, litres: 0, floor_m: 0 })),
    detourKm: String(trip.limits?.detour_km ?? 0),
    detourMin: String(trip.limits?.detour_min ?? 0),
    extraStops: String(trip.limits?.extra_stops ?? 0),
    least: trip.least_fen ? String(trip.least_fen / 100) : "",
    ...(trip.home && { home: placeDraft(trip.home) }),
    ...(trip.after && { after: trip.after }),
    ...(trip.book_now && { bookNow: true }),
    ...(trip.driver_hours && { hours: trip.driver_hours, crew: trip.driver_hours.drivers === 2 ? ("2" as const) : ("1" as const) }),
  };
}

const placeDraft = (place: Stop["place"]): PlaceDraft => ({ text: place.town, town: place.town, lat: place.lat, lng: place.lng });

/** The way home of a truck as its operator was told of it, empty, to be announced after its trip. */
export function homeDraft(trip: Trip, way: WayHome, zone: string): TripDraft {
  const draft = tripDraft(trip, zone);
  const slack = (Date.parse(way.departs.close) - Date.parse(way.departs.open)) / 3_600_000;
  return {
    ...draft, from: placeDraft(way.from), to: placeDraft(way.home), vias: [], perLeg: false, legs: [], roaming: false, after: trip.id, home: placeDraft(way.home),
    depart: toLocal(Math.ceil(Date.parse(way.departs.open) / 60_000) * 60_000, zone), slackH: String(Math.max(0, Math.round(slack * 100) / 100)),
    arrive: toLocal(Date.parse(way.back_by), zone), ...share(draft, 1),
  };
}

const roomDraft = (room: Room): RoomDraft => ({ kg: String(room.kg), m3: String(room.litres / 1000), floor: String(room.floor_m) });

/** The room on every leg of the form: what is typed, else that of the leg before. */
export function legsOf(draft: TripDraft): RoomDraft[] {
  const first = { kg: draft.kg, m3: draft.m3, floor: draft.floor };
  if (draft.roaming) return [first];
  const legs = [first];
  for (let i = 0; i < draft.vias.length; i++) legs.push((draft.perLeg && draft.legs[i]) || (legs[i] ?? first));
  return legs;
}

/** The same trip at the same hours, moved by whole days until its departure lies ahead. */
export function laterTrip(draft: TripDraft, now: number, zone: string): TripDraft {
  const today = toLocal(now, zone);
  let days = Math.max(0, daysBetween(draft.depart, today));
  if (onDay(draft.depart, days, draft.depart.slice(11)) <= today) days++;
  const move = (local: string) => onDay(local, days, local.slice(11));
  const vias = draft.vias.map((via) => ({ ...via, by: via.by && move(via.by) }));
  return { ...draft, vias, depart: move(draft.depart), arrive: move(draft.arrive) };
}

/** The way back: from the last stop to the first, leaving when the truck is there. */
export function wayBack(draft: TripDraft, zone: string): TripDraft {
  const back = { ...draft, from: draft.to, to: draft.from, vias: [], perLeg: false, legs: [], depart: draft.arrive, roaming: false, after: undefined, ...share(draft, 1) };
  return { ...back, arrive: arrival(back, zone) };
}

/** Reads the form: the terms to send, or what has to be mended first. */
export function tripTerms(draft: TripDraft, zone: string, say: Words["common"]): { terms: TripTerms; faults: Shown[] } {
  const form = new Reading(zone, say);
  const depart = form.time("stops[0].window.open", draft.depart);
  const slack = form.number("stops[0].window.close", draft.slackH, false) * 3_600_000;
  const end = draft.roaming ? "horizon" : `stops[${draft.vias.length + 1}].window.close`;
  const until = form.time(end, draft.arrive);
  if (until <= depart) form.fault(end, say.windowOrder);
  const write = (ms: number) => (Number.isNaN(ms) ? "" : toRFC3339(ms, zone));
  const stop = (field: string, place: PlaceDraft, close: number): Stop => ({
    place: form.place(`${field}.place`, place),
    window: { open: write(depart), close: write(close) },
    service_s: 0,
  });
  const stops = [stop("stops[0]", draft.from, Math.min(depart + slack, until))];
  if (!draft.roaming) {
    draft.vias.forEach((via, i) => {
      const field = `stops[${i + 1}]`;
      const by = via.by ? form.time(`${field}.window.close`, via.by) : until;
      if (by < depart) form.fault(`${field}.window.close`, say.windowOrder);
      stops.push(stop(field, via.place, by));
    });
    stops.push(stop(`stops[${draft.vias.length + 1}]`, draft.to, until));
  }
  const terms: TripTerms = {
    vehicle: vehicle(form, draft),
    stops,
    rooms: legsOf(draft).map((room, i) => ({
      kg: form.number(`rooms[${i}].kg`, room.kg, true),
      litres: scaledUp(form.number(`rooms[${i}].litres`, room.m3, true), 1000),
      floor_m: form.number(`rooms[${i}].floor_m`, room.floor, true),
    })),
    limits: limits(form, draft),
  };
  if (draft.roaming) Object.assign(terms, { roaming: true, horizon: write(until) });
  const hours = draft.hours ?? (draft.crew ? { drivers: Number(draft.crew) } : undefined);
  if (hours) terms.driver_hours = hours;
  if (draft.home?.text) terms.home = form.place("home", draft.home);
  if (draft.after) terms.after = draft.after;
  if (draft.bookNow) terms.book_now = true;
  const least = form.number("least_fen", draft.least, false);
  if (least) terms.least_fen = Math.round(least * 100);
  return { terms, faults: form.faults };
}

function limits(form: Reading, draft: TripDraft): TripTerms["limits"] {
  const extra_stops = form.number("limits.extra_stops", draft.extraStops, true);
  if (draft.roaming) return { extra_stops };
  return {
    detour_km: form.number("limits.detour_km", draft.detourKm, true),
    detour_min: form.number("limits.detour_min", draft.detourMin, true),
    extra_stops,
  };
}

function vehicle(form: Reading, draft: TripDraft): Vehicle {
  const { known } = draft;
  return {
    plate: { number: form.text("vehicle.plate.number", draft.plate).toUpperCase(), colour: draft.colour },
    type: draft.type,
    ...(known?.payload_kg && { payload_kg: known.payload_kg }),
    ...(known?.inner && { inner: known.inner }),
    ...(draft.has.length > 0 && { has: draft.has }),
    ...vehicleCare(form, draft.care),
  };
}
