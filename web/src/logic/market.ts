// What the page knows of the market and how it stays true: lists first, then events.

import { computed, signal } from "@preact/signals";
import { word, words } from "../words/words";
import { ApiError, worthRepeating } from "./api";
import { delay } from "./backoff";
import { ServerClock } from "./clock";
import { zone } from "./format";
import * as desk from "./desk";
import { asked, isOpen } from "./haggle";
import { attempts, notes, onSignedOut, read, write } from "./net";
import { Refresher } from "./refresh";
import { Shelf } from "./shelf";
import { browserLines, Stream, streamURL, type LineState } from "./socket";
import { announce } from "./toast";
import type { Booking, Bundle, Explanation, Frame, Load, Me, Offer, Page, Pool, Ticket, Trip, TripExplanation, Vehicle, WayHome } from "./types";

/** Who is signed in: undefined while that is not known yet, null when nobody is. */
export const me = signal<Me | null | undefined>(undefined);

/** Whether a session that existed has ended. */
export const ended = signal(false);

export const line = signal<LineState>("stopped");

/** Set when the first reading of the lists failed; calling retry reads again. */
export const unread = signal<unknown>(undefined);

/** Whether the lists have been read. */
export const ready = signal(false);

export const clock = new ServerClock();

/** The server's time, renewed every second: what counts down reads this. */
export const now = signal(Date.now());

export const loads = new Shelf<Load>();
export const trips = new Shelf<Trip>();
export const offers = new Shelf<Offer>();
export const bookings = new Shelf<Booking>();
export const pools = new Shelf<Pool>();
export const bundles = new Shelf<Bundle>();
const shelves = { loads, trips, offers, bookings, pools, bundles, tickets: desk.tickets };
export const vehicles = signal<Vehicle[]>([]);
export const unanswered = signal<Load[]>([]);
export const explanations = signal<ReadonlyMap<string, Explanation>>(new Map());
export const wayHomes = signal<ReadonlyMap<string, WayHome>>(new Map());
export const outlooks = signal<ReadonlyMap<string, TripExplanation>>(new Map());

/** Where each list of rows that is read page by page goes on. */
export const further = signal<Record<string, string | undefined>>({});

/** What the person may do here. */
export const face = computed(() => me.value?.org.kind);

const writers = ["owner", "clerk", "api"];

/** Whether the person's role may post loads. */
export const mayPost = computed(() => face.value === "enterprise" && writers.includes(me.value?.role ?? ""));

/** Whether the person's role may announce trips and answer offers. */
export const mayHaul = computed(() => face.value === "carrier" && [...writers, "driver"].includes(me.value?.role ?? ""));

const refresher = new Refresher({
  read: refresh,
  later: (run, ms) => setTimeout(run, ms),
  random: Math.random,
});

const stream = new Stream(
  streamURL(location),
  {
    state: (state) => (line.value = state),
    time: (time) => {
      clock.sync(time);
      now.value = clock.now();
    },
    event,
    reload: () => void again(),
    signedOut,
  },
  browserLines(signedIn),
);

async function signedIn(): Promise<boolean> {
  try {
    await read<Me>("/v1/me");
    return true;
  } catch (error) {
    return !(error instanceof ApiError && error.status === 401);
  }
}

let reloads = 0;

/** History is gone: all is read anew, at a growing distance while that goes on. */
async function again(): Promise<void> {
  line.value = "cut";
  const wait = delay(reloads++, { first: 300, most: 30_000 });
  setTimeout(() => void begin(), wait);
}

/** Signs in by a one-time link. */
export async function signIn(link: string): Promise<void> {
  try {
    await begin(await read<Me>("/v1/session", { method: "POST", body: { link } }));
  } catch (error) {
    // A link opened once more by somebody whose session goes on.
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
    const person = await read<Me>("/v1/me").catch(() => undefined);
    if (!person) throw error;
    await begin(person);
  }
}

/** Ends the session here and on the server. */
export async function signOut(): Promise<void> {
  await read("/v1/session", { method: "DELETE" });
  attempts.forget();
  for (const name of ["pinhuo.draft.load", "pinhuo.last.load", "pinhuo.last.trip", "pinhuo.places"]) notes.removeItem(name);
  forget();
  me.value = null;
}

function signedOut(): void {
  if (me.value) ended.value = true;
  forget();
  me.value = null;
}

function forget(): void {
  stream.stop();
  refresher.clear();
  for (const shelf of Object.values(shelves)) shelf.clear();
  desk.forget();
  vehicles.value = [];
  unanswered.value = [];
  explanations.value = new Map();
  outlooks.value = new Map();
  wayHomes.value = new Map();
  further.value = {};
  ready.value = false;
}

/**
 * Learns who is signed in, subscribes from the cursor of that answer and reads the
 * lists. Whatever happens while they are read arrives as an event, so nothing falls
 * between list and stream.
 */
export async function begin(known?: Me): Promise<void> {
  unread.value = undefined;
  try {
    const person = known ?? (await read<Me>("/v1/me"));
    clock.sync(person.server_time);
    now.value = clock.now();
    zone.value = person.market.zone;
    if (me.peek()?.org.id !== person.org.id) forget();
    ended.value = false;
    me.value = person;
    stream.start(person.cursor);
    await lists(person);
    ready.value = true;
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return;
    unread.value = error;
    if (!me.peek() && worthRepeating(error)) setTimeout(() => unread.peek() === error && void begin(), 3000);
  }
}

async function lists({ org }: Me): Promise<void> {
  const reads: Promise<unknown>[] = [page("bookings", bookings, ""), readOpenOffers(), page("pools?state=open", pools, ""), desk.readTickets()];
  if (org.kind === "enterprise") {
    for (const state of ["posted", "committed", "closed"]) reads.push(page(`loads?state=${state}`, loads, ""));
  }
  if (org.kind === "carrier") {
    for (const list of ["trips", "trips?state=open", "trips?state=underway", "trips?state=overdue"]) reads.push(page(list, trips, ""));
    reads.push(readVehicles(), page("bundles?state=open", bundles, "").then((items) => items.forEach(takeBundle)));
  }
  if (org.kind === "desk") reads.push(readDesk(), desk.readRoster());
  await Promise.all(reads);
}

/** Reads one page of a list into its shelf and notes where it goes on. */
async function page<T extends { id: string; version: number }>(list: string, shelf: Shelf<T>, after: string): Promise<T[]> {
  const query = `${list.includes("?") ? "&" : "?"}limit=200${after && `&after=${encodeURIComponent(after)}`}`;
  const { items, next } = await read<Page<T>>(`/v1/${list}${query}`);
  shelf.put(...items);
  further.value = { ...further.peek(), [list]: next };
  return items;
}

/** Reads the next page of a list, if there is one. */
export async function readOn(list: "loads?state=closed" | "trips" | "bookings"): Promise<void> {
  const after = further.peek()[list];
  if (!after) return;
  const into = { "loads?state=closed": loads, trips, bookings };
  await page(list, into[list] as Shelf<Load | Trip | Booking>, after);
}

async function readVehicles(): Promise<void> {
  vehicles.value = (await read<Page<Vehicle>>("/v1/vehicles?limit=100")).items;
}

/** Reads the offers that can be answered; whichever was open until now and is not among them has ended. */
async function readOpenOffers(): Promise<void> {
  const before = offers.list().filter(isOpen);
  const present = await page("offers?state=open", offers, "");
  present.forEach(receive);
  const open = new Set(present.map((offer) => offer.id));
  if (further.peek()["offers?state=open"]) return; // more than a page: each ends by its own clock
  for (const { id } of before) if (!open.has(id)) refresher.mark(`offers/${id}`);
}

/** Takes a bundle in with those of its offers that can be answered, or that are shown already. */
export function takeBundle(bundle: Bundle): void {
  bundles.put(bundle);
  const lines = bundle.lines.map((line) => line.offer).filter((offer) => isOpen(offer) || offers.get(offer.id));
  offers.put(...lines);
  lines.forEach(receive);
}

const receipts = new Set<string>();

/** Tells the server that an offer has reached this device: its clock runs from then on. */
function receive({ id, state, received_at }: Offer): void {
  if (!mayHaul.peek() || state !== "sent" || received_at || receipts.has(id)) return;
  receipts.add(id);
  write(`received:${id}`, `/v1/offers/${encodeURIComponent(id)}/received`, {}).catch(() => receipts.delete(id));
}

/** Reads the latest pools, those that have ended included. */
export async function readPools(): Promise<void> {
  await page("pools", pools, "");
}

/** Whether an operator may take the pool now. */
export const takesPool = (pool: Pool): boolean => face.value === "carrier" && pool.state === "tendered";

/** How many pools wait for the reader's answer. */
export function waitingPools(): number {
  const asked = (pool: Pool) => pool.state !== "dissolved" && pool.members.some((member) => member.own && member.consent === "asked");
  return pools.list().filter((pool) => takesPool(pool) || asked(pool)).length;
}

/** The loads that wait for the shipper's answer: an operator has named a price, or has taken what it wants to look at first. */
export const due = computed(() => {
  const left = (until: string | undefined) => Date.parse(until ?? "") > now.value;
  const named = offers.list().filter((offer) => isOpen(offer) && asked(offer) === "shipper" && left(offer.expires_at));
  const held = bookings.list().filter((booking) => booking.state === "held" && left(booking.hold_until));
  return new Set([...named, ...held].map((row) => row.load_id));
});

async function readDesk(): Promise<void> {
  const { items } = await read<Page<Load>>("/v1/desk/unanswered?limit=100");
  unanswered.value = items;
  loads.put(...items);
  const shown = new Set(items.map((load) => load.id));
  for (const load of loads.list()) if (load.state !== "closed" && !shown.has(load.id)) refresher.mark(`loads/${load.id}`);
}

async function readExplanation(load: string): Promise<void> {
  const explanation = await read<Explanation>(`/v1/loads/${encodeURIComponent(load)}/explanation`);
  explanations.value = new Map(explanations.peek()).set(load, explanation);
}

/** Sees to it that the explanation of a load is read, once. */
export function wantExplanation(load: string): void {
  if (!explanations.peek().has(load)) refresher.mark(`explanation/${load}`);
}

async function readOutlook(trip: string): Promise<void> {
  const outlook = await read<TripExplanation>(`/v1/trips/${encodeURIComponent(trip)}/explanation`);
  outlooks.value = new Map(outlooks.peek()).set(trip, outlook);
}

/** Sees to it that what a trip was told is read, once. */
export function wantOutlook(trip: string): void {
  if (!outlooks.peek().has(trip)) refresher.mark(`outlook/${trip}`);
}

async function readWayHome(trip: string): Promise<void> {
  const way = await read<WayHome>(`/v1/trips/${encodeURIComponent(trip)}/reload`);
  wayHomes.value = new Map(wayHomes.peek()).set(trip, way);
}

/** Sees to it that what a truck could carry home is read, once. */
export function wantWayHome(trip: string): void {
  if (!wayHomes.peek().has(trip)) refresher.mark(`reload/${trip}`);
}

/** Sees to it that a row which is shown is read, once. */
export function want(kind: "loads" | "trips" | "offers" | "bookings", id: string): void {
  if (!shelves[kind].get(id)) refresher.mark(`${kind}/${id}`);
}

/** Reads something anew, such as "offers/of_1". */
export const reread = (what: string): void => refresher.mark(what);

/** Rows that the server says are not ours to see. */
export const missing = signal<ReadonlySet<string>>(new Set());

async function refresh(what: string): Promise<void> {
  const [kind = "", id = ""] = what.split("/");
  const one = `/v1/${kind}/${encodeURIComponent(id)}`;
  try {
    if (kind === "loads") loads.put(await read<Load>(one));
    else if (kind === "trips") trips.put(await read<Trip>(one));
    else if (kind === "offers") {
      const offer = await read<Offer>(one);
      offers.put(offer);
      receive(offer);
    }
    else if (kind === "bookings") bookings.put(await read<Booking>(one));
    else if (kind === "bundles") takeBundle(await read<Bundle>(one));
    else if (kind === "pools") pools.put(await read<Pool>(one));
    else if (kind === "tickets") desk.tickets.put(await read<Ticket>(one));
    else if (kind === "roster") await desk.readRoster();
    else if (kind === "briefs") await desk.readBriefs();
    else if (kind === "costs") await desk.readCosts();
    else if (kind === "explanation") await readExplanation(id);
    else if (kind === "outlook") await readOutlook(id);
    else if (kind === "reload") await readWayHome(id);
    else if (kind === "open") await readOpenOffers();
    else if (kind === "unanswered") await readDesk();
    else if (kind === "vehicles") await readVehicles();
  } catch (error) {
    if (worthRepeating(error)) throw error;
    if (kind in shelves) shelves[kind as keyof typeof shelves].drop(id);
    missing.value = new Set(missing.peek()).add(what);
  }
}

/** Takes one event: what it names is read anew. */
function event(frame: Frame): void {
  reloads = 0;
  const data = frame.data ?? {};
  const id = (name: string) => (typeof data[name] === "string" ? (data[name] as string) : "");
  const kind = me.peek()?.org.kind;
  const touched: [string, string][] = [["offers", id("offer_id")], ["bookings", id("booking_id")], ["pools", id("pool_id")], ["tickets", id("ticket_id")]];
  if (kind === "carrier") touched.push(["trips", id("trip_id")], ["bundles", id("bundle_id")]);
  else touched.push(["loads", id("load_id")]);
  for (const [what, which] of touched) if (which) refresher.mark(`${what}/${which}`);
  // A shipper is told how many were asked, not by which offers, nor what became of each.
  if (kind === "enterprise" && /^pinhuo\.(load|booking)\./.test(frame.type)) refresher.mark("open/offers");
  if (frame.type === "pinhuo.load.explained") refresher.mark(`explanation/${id("load_id")}`);
  if (frame.type === "pinhuo.trip.explained") refresher.mark(`outlook/${id("trip_id")}`);
  if (frame.type === "pinhuo.trip.reload") refresher.mark(`reload/${id("trip_id")}`);
  // What the desk is told of are the changes of its list.
  if (kind === "desk" && frame.type.startsWith("pinhuo.load.")) refresher.mark("unanswered/");
  if (kind === "desk" && frame.type === "pinhuo.officer.set") refresher.mark("roster/");
  if (kind === "desk" && frame.type === "pinhuo.costs.set" && desk.costs.peek()) refresher.mark("costs/");
  if (kind === "desk" && frame.type === "pinhuo.desk.brief") refresher.mark("briefs/");
  if (frame.type === "pinhuo.trip.announced") refresher.mark("vehicles/");
  announce(frame, kind, location.pathname);
}

export const reason = (key: string | undefined): string => word(words().reasons, key);


/** Starts the clocks and the listeners that live as long as the page. */
export function live(): void {
  onSignedOut(signedOut);
  setInterval(() => (now.value = clock.now()), 1000);
  addEventListener("online", () => stream.hurry());
  document.addEventListener("visibilitychange", () => {
    now.value = clock.now();
    if (document.visibilityState === "visible") stream.hurry();
  });
}

/** Tries at once to bring a cut line back. */
export const hurry = (): void => stream.hurry();
