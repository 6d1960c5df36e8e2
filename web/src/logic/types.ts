// The shapes of docs/openapi.json that the page uses. Times are RFC 3339 with a zone,
// money is integer fen, lengths metres, weights kilograms.

export type OrgKind = "enterprise" | "carrier" | "desk";
export type Role = "owner" | "clerk" | "driver" | "officer" | "auditor" | "ops" | "api";

export interface Named {
  id: string;
  name: string;
}

/** How a firm has kept its word over the last 90 days: so many of so many. */
export interface WordRecord {
  /** Nothing has been counted of it yet. */
  new?: boolean;
  asked: number;
  answered: number;
  owed: number;
  kept: number;
  /** Trips before which it was asked whether it drives, and of those that it said so in time. */
  asked_again: number;
  reconfirmed: number;
}

/** A firm as others see it; on the board without a name where it is not vetted. */
export interface Party extends Named {
  record?: WordRecord;
}

export interface WordCost {
  what: "lapsed" | "silent" | "cancelled" | "taken_back";
  times: number;
  points: number;
}

/** How one's own firm stands with the exchange, and why. */
export interface Standing {
  record: WordRecord;
  asked_later: number;
  points: number;
  costs: WordCost[];
}

/** An act that was refused, as the log of acts keeps it. */
export interface RefusedAct {
  id: string;
  at: string;
  org: Named;
  on_behalf?: boolean;
  act: string;
  subject?: string;
  version?: number;
  times: number;
  present_version?: number;
  refusal: Fault;
}

/** What the page reads of all that befell a load. */
export interface Story {
  refused: RefusedAct[];
}

export interface Box {
  south: number;
  west: number;
  north: number;
  east: number;
}

export interface Me {
  user: Named;
  org: Named & { kind: OrgKind };
  role: Role;
  market: Named & { zone: string; box?: Box };
  server_time: string;
  cursor: string;
}

export interface Place {
  lat: number;
  lng: number;
  town: string;
  address?: string;
}

/** What an organization says of a place of its own. */
export interface SiteTerms {
  name: string;
  place: Place;
  contact?: Contact;
  opens?: string;
  shuts?: string;
  note?: string;
}

export interface Site extends SiteTerms {
  id: string;
  version: number;
}

export interface FoundPlace {
  id: string;
  kind?: "site" | "province" | "prefecture" | "county" | "town" | "village" | "city" | "country";
  name: string;
  full_name?: string;
  latin?: string;
  parent?: string;
  lat: number;
  lng: number;
  /** False where the point is that of a larger unit. */
  bookable?: boolean;
  site?: Site;
}

export interface Window {
  open: string;
  close: string;
}

export interface Contact {
  name?: string;
  phone?: string;
}

export interface Stop {
  place: Place;
  window: Window;
  service_s?: number;
  contact?: Contact;
  gate_hours?: GateSpan[];
}

/** When a place lets trucks in on some days of the week; on all where none are named. */
export interface GateSpan {
  days?: string[];
  opens: string;
  shuts: string;
}

/** By which rules the drivers of a trip rest. */
export interface DriverHours {
  drivers?: number;
  drive_min?: number;
  rest_min?: number;
  day_min?: number;
  reset_min?: number;
  rests_at?: "road" | "waiting" | "standing";
}

export interface Piece {
  count: number;
  length_m: number;
  width_m: number;
  height_m: number;
  kg?: number;
  stacking?: Stacking;
}

export type Stacking = "none" | "stackable" | "top_only";
export type Access = "rear" | "side" | "top";

/** A range of whole degrees Celsius. */
export interface Temperature {
  low_c: number;
  high_c: number;
}

/** What a load demands of the vehicle and of what rides beside it. */
export interface LoadCare {
  temperature?: Temperature;
  hazmat?: { class: string; un?: string; limited?: boolean };
  food?: boolean;
  /** Seconds that loads which join later may put it off. */
  max_delay_s?: number;
  /** It may be moved out of the way and back. */
  rehandle?: boolean;
}

/** What a vehicle offers beyond its box. */
export interface VehicleCare {
  doors?: "rear" | "side";
  door?: { width_m?: number; height_m?: number };
  deck_kg_per_m?: number;
  temperature?: Temperature;
  rehandle_fen_per_min?: number;
}

export interface Room {
  kg: number;
  litres: number;
  floor_m: number;
}

export interface Size extends Room {
  pieces?: Piece[];
  stacking?: Stacking;
  access?: Access;
}

export interface Metred {
  metres: number;
  seconds: number;
}

/** A drive past points, with where it leads. */
export interface Drive {
  method: string;
  version: string;
  metres: number;
  seconds: number;
  legs: DriveLeg[];
}

export interface DriveLeg {
  metres: number;
  seconds: number;
  access_metres: number;
  /** Latitude and longitude of points on the way. */
  line?: number[][];
}

export interface Router {
  method: string;
  version: string;
}

export const capabilities = ["box", "covered", "open_top", "side_open", "tail_lift", "food_safe", "hazmat"] as const;
export type Capability = (typeof capabilities)[number];

export interface LoadTerms extends LoadCare {
  ref?: string;
  goods: string;
  pickup: Stop;
  delivery: Stop;
  size: { kg?: number; litres?: number; floor_m?: number; pieces?: Piece[]; stacking?: Stacking; access?: Access };
  needs?: Capability[];
  ceiling_fen?: number;
  hold?: boolean;
  /** Minutes after posting for which operators are asked one at a time. */
  exclusive_min?: number;
  answer_by?: string;
}

export type LoadState = "draft" | "posted" | "committed" | "closed";
export type Outcome = "delivered" | "settled_outside" | "withdrawn" | "expired" | "failed" | "lapsed";

export interface Load extends LoadCare {
  id: string;
  version: number;
  state: LoadState;
  outcome?: Outcome;
  org?: Party;
  ref?: string;
  goods: string;
  pickup: Stop;
  delivery: Stop;
  size: Size;
  needs?: Capability[];
  ceiling_fen?: number;
  hold?: boolean;
  exclusive_min?: number;
  alone_fen?: number;
  answer_by?: string;
  answered_at?: string;
  true_until?: string;
  still_asked_at?: string;
  posted_at?: string;
  direct?: Metred & Router;
  late_s?: number;
  booking_id?: string;
}

export const plateColours = ["yellow", "blue", "green", "yellow_green", "white", "black"] as const;
export type PlateColour = (typeof plateColours)[number];
export const vehicleTypes = ["van", "4.2m", "6.8m", "9.6m", "13m", "17.5m"] as const;
export type VehicleType = (typeof vehicleTypes)[number];

export interface Vehicle extends VehicleCare {
  id?: string;
  version?: number;
  /** Not told on the board. */
  plate?: { number: string; colour: PlateColour };
  type: VehicleType;
  payload_kg?: number;
  inner?: { length_m: number; width_m: number; height_m: number };
  has?: Capability[];
}

export interface Limits {
  /** Neither applies to a free-roaming trip. */
  detour_km?: number;
  detour_min?: number;
  extra_stops: number;
}

export interface TripTerms {
  ref?: string;
  vehicle: Vehicle;
  roaming?: boolean;
  stops: Stop[];
  rooms: { kg: number; litres?: number; floor_m: number }[];
  horizon?: string;
  limits: Limits;
  driver_hours?: DriverHours;
  least_fen?: number;
  lease?: string;
  /** A firm may book a load on these terms at once. */
  book_now?: boolean;
  /** Where the vehicle belongs. */
  home?: Place;
  /** The trip at whose end this one begins. */
  after?: string;
}

export type TripState = "announced" | "open" | "underway" | "overdue" | "stopped" | "completed" | "cancelled" | "lapsed";

export interface Call {
  kind: "start" | "via" | "pickup" | "delivery" | "end" | "here";
  load_id?: string;
  town?: string;
  lat?: number;
  lng?: number;
  arrive_at?: string;
  start_at?: string;
  leave_at?: string;
  leg_m?: number;
  leg_s?: number;
  rest_s?: number;
  rehandle_s?: number;
  aboard?: Room;
}

export interface Trip {
  id: string;
  version: number;
  state: TripState;
  org?: Party;
  ref?: string;
  vehicle: Vehicle;
  roaming?: boolean;
  stops: Stop[];
  rooms: Room[];
  horizon?: string;
  limits?: Limits;
  driver_hours?: DriverHours;
  least_fen?: number;
  lease?: string;
  book_now?: boolean;
  true_until?: string;
  still_asked_at?: string;
  drive_by?: string;
  unconfirmed_since?: string;
  reconfirmed_at?: string;
  answered_at?: string;
  router?: Router;
  direct?: Metred;
  detour?: Metred;
  plan?: Call[];
  home?: Place;
  after?: string;
  next_trip_id?: string;
  reload_at?: string;
}

/** Where the truck of a deal was heard of last. */
export interface Whereabouts {
  trip_id?: string;
  position?: { at: string; lat: number; lng: number; accuracy_m?: number };
}

/** What a truck could carry home from the end of its trip. */
export interface WayHome {
  trip_id: string;
  at: string;
  from: Place;
  home: Place;
  departs: Window;
  back_by: string;
  departs_by: string;
  direct: Metred;
  loads: { load_id: string; open: boolean; load: Offer["load"]; price_fen: number; pickup_eta: string; drop_eta: string }[];
  price_fen: number;
  risk_permille: number;
  next_trip_id?: string;
}

export type OfferState =
  | "sent"
  | "seen"
  | "accepted"
  | "declined"
  | "countered"
  | "expired"
  | "superseded"
  | "withdrawn";

/** What an organization says about asking. */
export interface Asking {
  version: number;
  partners?: string[];
  partners_min?: number;
  names?: Record<string, string>;
  offers_per_hour?: number;
  quiet?: { from: string; till: string; urgent?: boolean };
  while_driving?: boolean;
  lanes?: Lane[];
}

/** A way that an operator wants loads on. */
export interface Lane {
  name: string;
  from: LaneEnd;
  to: LaneEnd;
  days?: string[];
  least_fen?: number;
  most?: { kg?: number | undefined; litres?: number; floor_m?: number | undefined };
  needs?: Capability[];
  special?: boolean;
  auto?: boolean;
}

export interface LaneEnd {
  lat: number;
  lng: number;
  town: string;
  radius_km: number;
}

/** What taking a load for a trip would mean now. */
export interface Quote {
  load_id: string;
  trip_id: string;
  load_version: number;
  trip_version: number;
  at: string;
  /** It may be taken; else refusal says why not. */
  ok: boolean;
  price_fen?: number;
  alone_fen?: number;
  detour?: Metred;
  pickup_eta?: string;
  drop_eta?: string;
  hold?: boolean;
  offer_id?: string;
  router?: Router;
  refusal?: Fault;
  by?: number;
  unit?: string;
}

export interface QuoteCount {
  problem: string;
  reason?: string;
  n: number;
}

export interface Quotes {
  items: Quote[];
  counts: QuoteCount[];
}

export interface Offer {
  id: string;
  version: number;
  state: OfferState;
  reason?: string;
  load_id: string;
  trip_id: string;
  /** The offer that this one stands upon: its terms are those with that load aboard. */
  after_id?: string;
  price_fen: number;
  /** The price that a side named last. */
  counter_fen?: number;
  countered_by?: "shipper" | "carrier";
  /** How often a price was named. */
  rounds?: number;
  alone_fen?: number;
  detour: Metred;
  pickup_eta: string;
  drop_eta: string;
  expires_at: string;
  /** When it reached a device of the operator. */
  received_at?: string;
  /** Nobody else is asked about the load until this offer ends. */
  sole?: boolean;
  /** The side that took it from the board. */
  taken_by?: "shipper" | "carrier";
  /** The operator's lane that the load is on. */
  lane?: string;
  /** To the operator: the bundle that it is a line of. */
  bundle_id?: string;
  router?: Router;
  load: LoadCare & {
    goods: string;
    size: Size;
    needs?: Capability[];
    hold?: boolean;
    pickup: { town: string; window: Window };
    delivery: { town: string; window: Window };
  };
  shipper?: Party;
  carrier?: Party;
}

/** A price that a side of an offer named. */
export interface Bid {
  at: string;
  by: "shipper" | "carrier";
  price_fen: number;
}

export type PoolState = "consenting" | "tendered" | "committed" | "dissolved";

/** One load of a pool; its money is told to its shipper and the desk. */
export interface PoolMember {
  own?: boolean;
  load_id?: string;
  load: {
    goods: string;
    size: Size;
    needs?: Capability[];
    pickup: { town: string; window: Window };
    delivery: { town: string; window: Window };
  };
  consent?: "asked" | "given" | "refused" | "lapsed" | "dropped" | "booked" | "released";
  reason?: string;
  share_fen?: number;
  most_fen?: number;
  alone_fen?: number;
  pickup_eta: string;
  drop_eta: string;
  booking_id?: string;
}

/** One truck to hire for loads that no truck passes by. */
export interface Pool {
  id: string;
  version: number;
  state: PoolState;
  reason?: string;
  vehicle_type: VehicleType;
  needs: Capability[];
  from: { town: string };
  to: { town: string };
  leaves: Window;
  departs_by: string;
  metres: number;
  seconds: number;
  price_fen: number;
  shares_fen: number[];
  expires_at: string;
  quorum: number;
  consents: number;
  members: PoolMember[];
  carrier?: Party;
  trip_id?: string;
}

export type BookingState = "held" | "firm" | "aboard" | "handed_over" | "proven" | "released" | "returned";

export type GoodsEvent = "arrive" | "load" | "hand_over" | "refuse" | "return" | "cancel" | "no_show";

/** One thing that was told of the goods of a booking. */
export interface Step {
  event: GoodsEvent | "strand";
  /** When it happened, by the clock of what told it. */
  at: string;
  /** When the exchange heard of it. */
  told_at: string;
  by: "shipper" | "carrier" | "exchange";
  pieces?: number;
  text?: string;
}

/** The truck of a booking: while that is live, whether it is doubtful that it drives, or where the goods are. */
export interface BookedTrip {
  id: string;
  vehicle: Vehicle;
  unconfirmed_since?: string;
  overdue?: boolean;
}

export interface Booking {
  id: string;
  version: number;
  state: BookingState;
  hold_until?: string;
  ended_by?: "shipper" | "carrier" | "exchange";
  load_id: string;
  trip_id: string;
  offer_id?: string;
  /** What the carrier gets. */
  price_fen: number;
  /** What the shipper pays now; it falls when somebody joins, until final_at. */
  share_fen: number;
  /** What the shipper pays at the most; told to it alone. */
  most_fen?: number;
  alone_fen: number;
  saved_fen: number;
  final_at?: string;
  fee_fen?: number;
  fee_by?: "shipper" | "carrier";
  pickup_eta: string;
  drop_eta: string;
  pickup_by: string;
  drop_by: string;
  load: Load;
  trip: BookedTrip;
  steps?: Step[];
  shipper: Party;
  carrier: Party;
}

export interface Nearest {
  trip_id: string;
  load_id?: string;
  reason: string;
  by: number;
  unit?: string;
}

export interface Spot {
  lat: number;
  lng: number;
}

export type LoadRemedyKind =
  | "none" | "pickup_earlier" | "pickup_later" | "delivery_earlier" | "delivery_later" | "price" | "access" | "stacking" | "split"
  | "pickup_place" | "delivery_place";

export type TripRemedyKind =
  | "none" | "depart_earlier" | "arrive_later" | "detour_time" | "detour_distance" | "detour" | "extra_stops" | "least";

export interface Remedy {
  kind: LoadRemedyKind | TripRemedyKind;
  at: string;
  by?: number;
  unit?: string;
  price_fen?: number;
  beside_fen?: number;
  place?: Spot;
  drop?: string[];
}

export interface Explanation {
  at: string;
  trips: number;
  counts: { reason: string; n: number }[];
  nearest?: Nearest;
  parts?: number;
  remedy?: Remedy;
  next?: NextStep;
  final: boolean;
}

export interface NextStep {
  alone_fen: number;
  vehicle: string;
  vehicles: number;
  officer?: Person;
}

export interface TripExplanation {
  at: string;
  loads: number;
  counts: { reason: string; n: number }[];
  nearest?: Nearest;
  remedy?: Remedy;
  final: boolean;
}

export interface Page<T> {
  items: T[];
  next?: string;
  cursor?: string;
}

/** One fault of a request, as problem+json tells it. */
export interface Fault {
  detail?: string;
  field?: string;
  problem?: string;
  value?: string;
  min?: string;
  max?: string;
  want?: string;
  reason?: string;
}

export interface Problem extends Fault {
  title?: string;
  status: number;
  code?: string;
  errors?: Fault[];
  request_id?: string;
}

/** A frame of the socket: CloudEvents 1.0 JSON. */
export interface Frame {
  id?: string;
  type: string;
  time?: string;
  subject?: string;
  cursor?: string;
  data?: Record<string, unknown>;
}

/** An officer of the desk. */
export interface Person {
  id: string;
  name: string;
  phone?: string;
}

export type TicketState = "open" | "taken" | "done" | "closed";

/** One thing that befell a ticket. */
export interface TicketEntry {
  at: string;
  event: "ask" | "take" | "note" | "hand_over" | "escalate" | "stand_in" | "finish" | "settle" | "confirm" | "reopen" | "lapse";
  side: "firm" | "other" | "desk" | "exchange";
  by?: string;
  owner: Person;
  due_at?: string;
  text?: string;
}

/** Something that a named officer of the desk must close. */
export interface Ticket {
  id: string;
  version: number;
  kind: "unanswered" | "help" | "dispute" | "unconfirmed" | "short" | "custody";
  class: "urgent" | "ordinary";
  cause?: "lost" | "unexplained" | "in_vain" | "refused" | "no_end" | "refused_at_dock";
  state: TicketState;
  org: Named;
  other?: Named;
  load_id?: string;
  booking_id?: string;
  owner: Person;
  rung: "owner" | "deputy" | "head";
  due_at?: string;
  late_at?: string;
  text?: string;
  trip_id?: string;
  short_fen?: number;
  gets_fen?: number;
  counts: { reason: string; n: number }[];
  asked_at: string;
  log: TicketEntry[];
}

/** A user of the desk who answers for firms. */
export interface Officer {
  user: string;
  version: number;
  name: string;
  phone?: string;
  deputy?: string;
  head?: boolean;
  default?: boolean;
  away?: boolean;
  firms: string[];
  hours?: OfficeHours;
}

/** When an officer is at work, by the market's clock; till before from ends the next day. */
export interface OfficeHours {
  days?: string[];
  from: string;
  till: string;
  free?: string[];
}

export interface Roster {
  officers: Officer[];
  members: { user: string; name: string; role: "owner" | "officer" }[];
  firms: (Named & { kind: "enterprise" | "carrier" })[];
}

export interface BriefLine {
  officer?: Person;
  firm?: { name: string };
  asked: number;
  answered: number;
  reopened: number;
  closed: number;
  raised: number;
  waiting: number;
  late: number;
}

/** What a desk's day came to. */
export interface Brief {
  id: string;
  from: string;
  to: string;
  sum: BriefLine;
  lines: BriefLine[];
}

/** What a vehicle of one type costs. */
export interface Rate {
  type: VehicleType;
  fixed_fen: number;
  per_km_fen: number;
  per_hour_fen: number;
  toll_fen: number;
}

/** One version of what vehicles cost in a market; version 0 is what the server was started with. */
export interface CostModel {
  version: number;
  at?: string;
  by?: Person;
  margin_percent: number;
  discount_percent: number;
  types: Rate[];
}

/** Who pays how much of a trip, without names. */
export interface Split {
  due_fen: number;
  fees_fen: number;
  own_fen: number;
  shares_fen: number[];
  final: boolean;
}

/** What one booking comes to between two firms. */
export interface StatementLine {
  booking_id: string;
  pickup_at: string;
  what: "share" | "fee" | "nothing";
  from: string;
  to: string;
  goods: string;
  ref?: string;
  shipper: Named;
  carrier: Named;
  payer_id?: string;
  amount_fen: number;
  final: boolean;
}

/** What a month of pickups comes to. */
export interface Statement {
  month: string;
  pays_fen: number;
  gets_fen: number;
  open_fen: number;
  lines: StatementLine[];
}

/** The offers on one trip that were put before its operator together. */
export interface Bundle {
  id: string;
  version: number;
  state: "open" | "ended";
  trip_id: string;
  price_fen: number;
  detour: Metred;
  expires_at?: string;
  lines: BundleLine[];
}

export interface BundleLine {
  offer: Offer;
  booking_id?: string;
}
