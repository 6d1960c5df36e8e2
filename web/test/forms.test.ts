import { careDraft, noCare } from "../src/logic/caredraft";
import { describe, expect, it } from "vitest";
import { decimal, scaledUp } from "../src/logic/decimal";
import { assign } from "../src/logic/faults";
import { secretOf } from "../src/logic/link";
import { again, blankLoad, dockWindow, draftOf, loadTerms, type LoadDraft } from "../src/logic/loaddraft";
import { totals } from "../src/logic/measure";
import { arrival, blankTrip, homeDraft, share, tripDraft, tripTerms, wayBack } from "../src/logic/tripdraft";
import { pieceCount, remedyText, withRemedy } from "../src/logic/remedy";
import { tripChangeAt, tripRemedyText, withTripRemedy, type TripChange } from "../src/logic/tripremedy";
import type { Load, Remedy, Trip, WayHome } from "../src/logic/types";
import { zh } from "../src/words/zh";

const zone = "Asia/Shanghai";
const now = Date.parse("2026-07-20T02:10:00Z"); // 10:10 in the zone
const haimen = { text: "海门", town: "海门", lat: 31.896, lng: 121.173 };
const changzhou = { text: "常州", town: "常州", lat: 31.774, lng: 119.954 };

function crates(): LoadDraft {
  const draft = blankLoad(now, zone);
  return {
    ...draft,
    goods: " 机床配件 ",
    pickup: { ...draft.pickup, place: haimen, address: "1 号门", phone: "0513-1" },
    delivery: { ...draft.delivery, place: changzhou },
    pieces: [{ count: "12", length: "1.2", width: "０．８", height: "1.1", kg: "85.5" }],
  };
}

describe("numbers as people type them", () => {
  it("reads full-width digits, commas and nothing else", () => {
    expect(["1.2", "１．２", "1,2", "1 000", "1,000", " 7 ", ".5", "3."].map(decimal)).toEqual([1.2, 1.2, 1.2, 1000, 1000, 7, 0.5, 3]);
    expect(["", "  "].map(decimal)).toEqual([undefined, undefined]);
    for (const text of ["abc", "1.2.3", "1e5", "--1", "0x10", "∞"]) expect(decimal(text), text).toBeNaN();
  });

  it("scales without binary dust", () => {
    expect(scaledUp(1.1, 1000)).toBe(1100);
    expect(scaledUp(0.1 + 0.2, 10)).toBe(3);
    expect(scaledUp(1.2345, 1000)).toBe(1235);
  });
});

describe("pieces", () => {
  it("come to what the server reckons", () => {
    const sum = totals(crates().pieces);
    expect(sum).toEqual({ count: 12, kg: 1026, litres: 12672, floor_m: 4.8 });
  });

  it("leave out rows that are not complete", () => {
    const blank = { count: "", length: "1", width: "1", height: "1", kg: "1" };
    expect(totals([blank, { ...blank, count: "x" }, { ...blank, count: "1.5" }])).toEqual({ count: 0, kg: 0, litres: 0, floor_m: 0 });
  });
});

describe("the form of a load", () => {
  it("gives the terms in the market's zone", () => {
    const { terms, faults } = loadTerms({ ...crates(), ceiling: "1,250.5", ref: "PO-7" }, zone, zh.common);
    expect(faults).toEqual([]);
    expect(terms).toEqual({
      ref: "PO-7",
      goods: "机床配件",
      pickup: {
        place: { town: "海门", lat: 31.896, lng: 121.173, address: "1 号门" },
        window: { open: "2026-07-20T10:30:00+08:00", close: "2026-07-20T18:00:00+08:00" },
        contact: { phone: "0513-1" },
      },
      delivery: {
        place: { town: "常州", lat: 31.774, lng: 119.954 },
        window: { open: "2026-07-21T08:00:00+08:00", close: "2026-07-21T18:00:00+08:00" },
      },
      size: { pieces: [{ count: 12, length_m: 1.2, width_m: 0.8, height_m: 1.1, kg: 85.5 }] },
      ceiling_fen: 125050,
    });
  });

  it("says what the load demands, and nothing of what is left blank", () => {
    const care = { ...noCare, stacking: "stackable" as const, access: "rear" as const, low: "-18", high: "-15", hazClass: "3", limited: true, food: true, rehandle: true, delay: "30" };
    const { terms, faults } = loadTerms({ ...crates(), care }, zone, zh.common);
    expect(faults).toEqual([]);
    expect(terms).toMatchObject({
      size: { stacking: "stackable", access: "rear" }, temperature: { low_c: -18, high_c: -15 },
      hazmat: { class: "3", limited: true }, food: true, rehandle: true, max_delay_s: 1800,
    });
    expect(careDraft(terms as unknown as Load)).toEqual(care);
    const half = loadTerms({ ...crates(), care: { ...noCare, low: "2" } }, zone, zh.common);
    expect(half.faults.map((fault) => fault.field)).toEqual(["temperature.high_c"]);
  });

  it("says when a place lets trucks in, and keeps what it cannot show", () => {
    const week = { opens: "08:00", shuts: "17:00", days: "6" as const };
    const gates = { pickup: week, delivery: { opens: "", shuts: "", days: "7" as const } };
    const { terms, faults } = loadTerms({ ...crates(), care: { ...noCare, gates } }, zone, zh.common);
    expect(faults).toEqual([]);
    expect(terms.pickup.gate_hours).toEqual([{ opens: "08:00", shuts: "17:00", days: ["mon", "tue", "wed", "thu", "fri", "sat"] }]);
    expect(terms.delivery.gate_hours).toBeUndefined();
    expect(careDraft(terms as unknown as Load).gates).toEqual(gates);
    const odd = [{ days: ["mon"], opens: "09:00", shuts: "12:00" }, { days: ["tue"], opens: "10:00", shuts: "24:00" }];
    const known = careDraft({ ...terms, delivery: { ...terms.delivery, gate_hours: odd } } as unknown as Load);
    expect(loadTerms({ ...crates(), care: known }, zone, zh.common).terms.delivery.gate_hours).toEqual(odd);
    const half = loadTerms({ ...crates(), care: { ...noCare, gates: { ...gates, pickup: { ...week, shuts: "" } } } }, zone, zh.common);
    expect(half.faults.map((fault) => fault.field)).toEqual(["pickup.gate_hours.shuts"]);
  });

  it("names each input that has to be mended", () => {
    const draft = crates();
    draft.goods = "";
    draft.pickup.place = { text: "海门" };
    draft.delivery.close = "2026-07-20T08:00";
    draft.pieces = [{ count: "zwölf", length: "", width: "1", height: "1", kg: "" }];
    const { faults } = loadTerms(draft, zone, zh.common);
    expect(faults.map((fault) => fault.field)).toEqual([
      "goods", "pickup.place", "delivery.window.close", "size.pieces[0].count", "size.pieces[0].length_m",
    ]);
    expect(faults[1]?.text).toBe(zh.common.pickPlace);
  });

  it("asks for a weight where the pieces have none", () => {
    const draft = crates();
    draft.pieces = [{ count: "1", length: "1", width: "1", height: "1", kg: "" }];
    expect(loadTerms(draft, zone, zh.common).faults.map((fault) => fault.field)).toEqual(["size.kg"]);
  });

  it("comes back from a load and moves on by whole days for another like it", () => {
    const { terms } = loadTerms({ ...crates(), ref: "PO-7" }, zone, zh.common);
    const load = { ...terms, id: "ld", version: 1, state: "posted", size: { kg: 1026, litres: 12672, floor_m: 4.8, ...terms.size } } as Load;
    const draft = draftOf(load, zone);
    expect(loadTerms(draft, zone, zh.common).terms.pickup).toEqual(terms.pickup);
    const later = again(draft, now + 3 * 86_400_000, zone);
    expect([later.ref, later.pickup.open, later.delivery.close]).toEqual(["", "2026-07-23T10:30", "2026-07-24T18:00"]);
    const evening = again(draft, Date.parse("2026-07-20T12:00:00Z"), zone);
    expect(evening.pickup.open).toBe("2026-07-21T10:30");
  });
});

describe("a place that is only roughly known", () => {
  it("wants a pin before it is sent", () => {
    const draft = crates();
    draft.delivery.place = { ...changzhou, rough: true };
    expect(loadTerms(draft, zone, zh.common).faults).toEqual([{ field: "delivery.place", text: zh.common.pinPlace }]);
  });
});

describe("the time of the answer", () => {
  const load = (answer_by: string) => {
    const { terms } = loadTerms(crates(), zone, zh.common);
    return { ...terms, id: "ld", version: 1, state: "posted", size: {}, posted_at: "2026-07-20T10:10:00+08:00", answer_by } as unknown as Load;
  };

  it("is sent where it is typed", () => {
    expect(loadTerms(crates(), zone, zh.common).terms.answer_by).toBeUndefined();
    expect(loadTerms({ ...crates(), answerBy: "2026-07-20T15:00" }, zone, zh.common).terms.answer_by).toBe("2026-07-20T15:00:00+08:00");
  });

  it("that was the usual one follows the new terms, one that was stated stays", () => {
    expect(draftOf(load("2026-07-20T16:00:00+08:00"), zone).answerBy).toBe("");
    expect(draftOf(load("2026-07-20T10:40:00+08:00"), zone).answerBy).toBe("");
    expect(draftOf(load("2026-07-20T12:34:00+08:00"), zone).answerBy).toBe("2026-07-20T12:34");
  });
});

describe("the ceiling", () => {
  const load = (ceiling_fen: number) =>
    ({ ...loadTerms(crates(), zone, zh.common).terms, id: "ld", version: 1, state: "posted", size: {}, alone_fen: 96368, ceiling_fen }) as unknown as Load;

  it("that was the usual one follows the new terms, one that was stated stays", () => {
    expect(draftOf(load(86731), zone).ceiling).toBe("");
    expect(draftOf(load(86700), zone).ceiling).toBe("867");
  });
});

describe("the form of a trip", () => {
  const draft = () => ({ ...blankTrip(now, zone), plate: "苏f12345", from: haimen, to: changzhou });

  it("gives the terms, or those of a roaming trip", () => {
    const { terms, faults } = tripTerms({ ...draft(), least: "200" }, zone, zh.common);
    expect(faults).toEqual([]);
    expect(terms.vehicle).toEqual({ doors: "rear", plate: { number: "苏F12345", colour: "yellow" }, type: "9.6m" });
    expect(terms.stops.map((stop) => stop.window)).toEqual([
      { open: "2026-07-20T11:00:00+08:00", close: "2026-07-20T12:00:00+08:00" },
      { open: "2026-07-20T11:00:00+08:00", close: "2026-07-20T21:00:00+08:00" },
    ]);
    expect(terms.limits).toEqual({ detour_km: 30, detour_min: 60, extra_stops: 4 });
    expect([terms.least_fen, terms.horizon]).toEqual([20000, undefined]);

    const roaming = tripTerms({ ...draft(), roaming: true }, zone, zh.common).terms;
    expect([roaming.stops.length, roaming.horizon, roaming.limits]).toEqual([1, "2026-07-20T21:00:00+08:00", { extra_stops: 4 }]);
  });

  it("says how many drivers rest, and keeps rules that it cannot show", () => {
    expect(tripTerms(draft(), zone, zh.common).terms.driver_hours).toBeUndefined();
    const { terms } = tripTerms({ ...draft(), crew: "2" }, zone, zh.common);
    expect(terms.driver_hours).toEqual({ drivers: 2 });
    const rules = { drivers: 1, drive_min: 240, rest_min: 20, day_min: 480, reset_min: 660 };
    const known = tripDraft({ ...terms, driver_hours: rules, id: "tr", version: 1, state: "open" } as Trip, zone);
    expect([known.crew, tripTerms(known, zone, zh.common).terms.driver_hours]).toEqual(["1", rules]);
  });

  it("has stops on the way, each by its own time or the trip's, and room on each leg", () => {
    const wuxi = { text: "无锡", town: "无锡", lat: 31.57, lng: 120.3 };
    const suzhou = { text: "苏州", town: "苏州", lat: 31.3, lng: 120.62 };
    const vias = [{ place: suzhou, by: "2026-07-20T14:00" }, { place: wuxi, by: "" }];
    const with2 = { ...draft(), vias };
    const plain = tripTerms(with2, zone, zh.common);
    expect(plain.faults).toEqual([]);
    expect(plain.terms.stops.map((stop) => [stop.place.town, stop.window.close.slice(11, 16)])).toEqual([
      ["海门", "12:00"], ["苏州", "14:00"], ["无锡", "21:00"], ["常州", "21:00"],
    ]);
    expect(plain.terms.rooms.map((room) => room.kg)).toEqual([18000, 18000, 18000]);
    const legs = [{ kg: "500", m3: "2", floor: "1" }];
    const apart = tripTerms({ ...with2, perLeg: true, legs }, zone, zh.common).terms;
    expect(apart.rooms.map((room) => room.kg)).toEqual([18000, 500, 500]);
    const trip = { ...apart, id: "tr", version: 1, state: "open" } as Trip;
    expect(tripTerms(tripDraft(trip, zone), zone, zh.common).terms).toEqual(apart);
    const late = tripTerms({ ...with2, vias: [{ place: suzhou, by: "2026-07-20T09:00" }] }, zone, zh.common);
    expect(late.faults.map((fault) => fault.field)).toEqual(["stops[1].window.close"]);
  });

  it("fills the room by shares of the vehicle", () => {
    expect(share({ type: "9.6m" }, 1)).toEqual({ kg: "18000", m3: "57", floor: "9.5" });
    expect(share({ type: "9.6m" }, 0.25)).toEqual({ kg: "4500", m3: "14.2", floor: "2.3" });
    const known = { type: "9.6m" as const, payload_kg: 15000, inner: { length_m: 9, width_m: 2.4, height_m: 2 } };
    expect(share({ type: "9.6m", known }, 0.5)).toEqual({ kg: "7500", m3: "21.6", floor: "4.5" });
  });

  it("proposes an arrival that leaves time for loads, and a way back", () => {
    expect(arrival(draft(), zone)).toBe("2026-07-20T20:30");
    const back = wayBack({ ...draft(), arrive: "2026-07-20T20:30" }, zone);
    expect([back.from.text, back.to.text, back.depart]).toEqual(["常州", "海门", "2026-07-20T20:30"]);
  });

  it("is filled in for the way home that its operator was told of", () => {
    const { terms } = tripTerms({ ...draft(), home: haimen }, zone, zh.common);
    const trip = { ...terms, id: "tr", version: 1, state: "open", rooms: terms.rooms.map((room) => ({ litres: 0, ...room })) } as Trip;
    const way = { from: trip.stops[1]?.place, home: terms.home, departs: { open: "2026-07-20T10:00:30Z", close: "2026-07-20T18:00:30Z" }, back_by: "2026-07-21T00:00:00Z" } as WayHome;
    const home = tripTerms(homeDraft(trip, way, zone), zone, zh.common);
    expect(home.faults).toEqual([]);
    expect(home.terms.after).toBe("tr");
    expect(home.terms.home).toEqual(terms.home);
    expect(home.terms.stops.map((stop) => stop.place.town)).toEqual(["常州", "海门"]);
    expect(home.terms.stops[0]?.place).toEqual(trip.stops[1]?.place);
    expect(Date.parse(home.terms.stops[0]?.window.open ?? "")).toBe(Date.parse("2026-07-20T10:01:00Z"));
    expect(blankTrip(now, zone, homeDraft(trip, way, zone)).after).toBeUndefined();
  });

  it("comes back from a trip", () => {
    const { terms } = tripTerms(draft(), zone, zh.common);
    const trip = { ...terms, id: "tr", version: 1, state: "open", rooms: terms.rooms.map((room) => ({ litres: 0, ...room })) } as Trip;
    expect(tripTerms(tripDraft(trip, zone), zone, zh.common).terms).toEqual(terms);
  });
});

describe("faults", () => {
  it("stand by the input they mean, in the words of its label", () => {
    const inputs = new Map([["pickup.place", "城镇"], ["pickup.window.close", "最晚"], ["ceiling_fen", "最高运费"], ["size.pieces[0].kg", "每件千克"]]);
    const shown = assign(
      [
        { field: "pickup.window.close", detail: "“pickup.window.close”的时间已经过去。" },
        { field: "pickup.place.lat", detail: "outside" },
        { field: "ceiling", detail: "too high" },
        { field: "size.pieces", detail: "too many" },
        { field: "nowhere", detail: "elsewhere" },
        { detail: "no field" },
      ],
      inputs,
    );
    expect(shown).toEqual([
      { field: "pickup.window.close", text: "“最晚”的时间已经过去。" },
      { field: "pickup.place", text: "outside" },
      { field: "ceiling_fen", text: "too high" },
      { field: "size.pieces[0].kg", text: "too many" },
      { field: "", text: "elsewhere" },
      { field: "", text: "no field" },
    ]);
  });
});

describe("a sign-in link", () => {
  it("is read whole, from the hash or as its secret alone", () => {
    expect(secretOf("https://a.example/?link=abc-DEF_123")).toBe("abc-DEF_123");
    expect(secretOf("#link=abcdefgh")).toBe("abcdefgh");
    expect(secretOf("?x=1&link=a%2Bb")).toBe("a+b");
    expect(secretOf(" pin_0123456789 ")).toBe("pin_0123456789");
    expect(["", "hello", "https://a.example/", "?link="].map(secretOf)).toEqual(["", "", "", ""]);
  });
});

describe("the change that would match a load", () => {
  const load = {
    id: "ld_1", version: 1, state: "posted", goods: "x", needs: ["box", "tail_lift"], ceiling_fen: 20_050, alone_fen: 30_000,
    pickup: { place: haimen, window: { open: "2026-07-20T02:00:00Z", close: "2026-07-20T04:00:30Z" }, service_s: 0 },
    delivery: { place: changzhou, window: { open: "2026-07-20T08:00:00Z", close: "2026-07-20T10:00:00Z" }, service_s: 0 },
    size: { kg: 100, litres: 1000, floor_m: 1, pieces: [{ count: 5, length_m: 1, width_m: 1, height_m: 1 }] },
  } as unknown as Load;
  const made = (remedy: Partial<Remedy>) => withRemedy(draftOf(load, zone), load, { at: "", kind: "none", ...remedy }, zone);
  const said = (remedy: Partial<Remedy>) => remedyText({ at: "", kind: "none", ...remedy }, pieceCount(load), zh);

  it("is made in the form, never less than is needed", () => {
    expect(made({ kind: "pickup_earlier", by: 5400 }).pickup.open).toBe("2026-07-20T08:30");
    expect(made({ kind: "pickup_later", by: 5400 }).pickup.close).toBe("2026-07-20T13:31");
    expect(made({ kind: "delivery_earlier", by: 60 }).delivery.open).toBe("2026-07-20T15:59");
    expect(made({ kind: "delivery_later", by: 86_400 }).delivery.close).toBe("2026-07-21T18:00");
    expect(made({ kind: "price", by: 1001 }).ceiling).toBe("210.51");
    expect(made({ kind: "access", drop: ["tail_lift"] }).needs).toEqual(["box"]);
    expect(made({ kind: "pickup_place", by: 900, place: { lat: 1, lng: 2 } }).pickup.place).toMatchObject({ town: "海门", lat: 1, lng: 2 });
    expect(made({ kind: "split", by: 2 })).toEqual(draftOf(load, zone));
  });

  it("is said in one sentence", () => {
    expect(zh.remedy.now(said({ kind: "pickup_earlier", by: 5400, unit: "s" }))).toBe("若提货时间提前 1 小时 30 分，即可拼上");
    expect(said({ kind: "access", drop: ["tail_lift"] })).toBe("不要求“尾板”");
    expect(said({ kind: "split", by: 2, unit: "pieces" })).toBe("分成 3 件和 2 件两批");
    expect(said({ kind: "delivery_place", by: 8900, unit: "m" })).toContain("8.9");
    expect(said({ kind: "price", by: 1001, unit: "fen" })).toContain("10.01");
  });
});

describe("the change that would win a trip a load", () => {
  const trip = {
    id: "tr_1", version: 1, state: "open", rooms: [{ kg: 100, litres: 1000, floor_m: 1 }], least_fen: 30_000,
    vehicle: { type: "9.6m", plate: { number: "苏F1", colour: "yellow" } }, limits: { detour_km: 30, detour_min: 40, extra_stops: 3 },
    stops: [
      { place: haimen, window: { open: "2026-07-20T02:00:00Z", close: "2026-07-20T04:00:00Z" }, service_s: 0 },
      { place: changzhou, window: { open: "2026-07-20T02:00:00Z", close: "2026-07-20T12:00:00Z" }, service_s: 0 },
    ],
  } as unknown as Trip;
  const draft = tripDraft(trip, zone);
  const made = (kind: TripChange["kind"], by: number) => withTripRemedy(draft, { kind, by }, zone);

  it("widens what the form says, never moves it", () => {
    expect(made("depart_earlier", 5400)).toMatchObject({ depart: "2026-07-20T08:30", slackH: "3.5", arrive: draft.arrive });
    expect(made("arrive_later", 60)).toMatchObject({ depart: draft.depart, arrive: "2026-07-20T20:01", slackH: "2.0167" });
    expect(made("detour_time", 660).detourMin).toBe("51");
    expect(made("detour_distance", 12_300).detourKm).toBe("42.3");
    expect(made("detour", 600)).toMatchObject({ detourMin: "50", detourKm: "40" });
    expect(made("extra_stops", 1).extraStops).toBe("4");
    expect(made("least", 11_000).least).toBe("190");
    expect(made("least", 40_000).least).toBe("");
    expect(made("none", 0)).toEqual(draft);
  });

  it("is said in one sentence, and made where the trip can still be stated", () => {
    expect(zh.outlook.now(tripRemedyText({ kind: "detour", by: 1500, unit: "s" }, zh))).toBe("若可多绕 25 分钟、25 公里，就能配上一票货");
    expect(tripRemedyText({ kind: "extra_stops", by: 1, unit: "stops" }, zh)).toBe("可多停 1 个停靠点");
    expect(tripChangeAt(trip)).toBe("/trips/tr_1/edit?remedy=1");
    expect(tripChangeAt({ ...trip, state: "lapsed" })).toBe("/trips/tr_1/renew?remedy=1");
    expect(tripChangeAt({ ...trip, state: "underway" })).toBeUndefined();
  });
});

describe("the hours of a dock", () => {
  const at = (opens: string, shuts: string, stop: string) => dockWindow(opens, shuts, stop, now, zone); // now is 10:10
  it("become the window of the stop's day", () => {
    expect(at("09:00", "16:30", "2026-07-22T08:00")).toEqual({ open: "2026-07-22T09:00", close: "2026-07-22T16:30" });
    expect(at("08:00", "17:00", "2026-07-20T11:00")).toEqual({ open: "2026-07-20T10:30", close: "2026-07-20T17:00" });
  });
  it("are another day's once they are over", () => {
    expect(at("06:00", "10:00", "2026-07-20T11:00")).toEqual({ open: "2026-07-21T06:00", close: "2026-07-21T10:00" });
    expect(at("09:00", "16:00", "")).toEqual({ open: "2026-07-20T10:30", close: "2026-07-20T16:00" });
  });
  it("may go past midnight", () => {
    expect(at("22:00", "04:00", "2026-07-21T08:00")).toEqual({ open: "2026-07-21T22:00", close: "2026-07-22T04:00" });
  });
});
